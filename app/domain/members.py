"""Who works in an account, and what they may do there."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from app.domain import audit, badges, granting, texts, withdrawals
from app.domain.acting import Acting, place_of
from app.domain.acts import Act, act_in
from app.domain.audit import Change, Deed, Json, Target, Who
from app.domain.refusals import ErrorCode, NotFound, Refusal
from app.domain.viewers import Viewer
from app.kit.frozen import frozen
from models import (
    AuditAction,
    Membership,
    MembershipStatus,
    Permission,
    Permissions,
)
from models.permission import in_order


class OwnerIsImmutable(Refusal):
    """Nobody edits, suspends or removes the owner."""

    code = ErrorCode.OWNER_IS_IMMUTABLE
    says = "The owner's access cannot be changed. Transfer the ownership first."


class CannotEditSelf(Refusal):
    """Nobody edits their own rights."""

    code = ErrorCode.CANNOT_EDIT_SELF
    says = "You cannot change your own access."


class StaleVersion(Refusal):
    """Somebody else has changed the membership since it was read; `current` is its version now."""

    code = ErrorCode.STALE_VERSION
    says = "Somebody has changed this meanwhile. Read it again."

    def __init__(self, current: int) -> None:
        super().__init__("ifVersion")
        self.current = current


@frozen
class Edit:
    """What to change of a membership; only the fields that `given` names."""

    permissions: Permissions | None = None
    suspended: bool | None = None
    expires_at: datetime | None = None
    if_version: int | None = None
    given: frozenset[str] = frozenset()


async def find(viewer: Viewer, membership_id: str) -> tuple[Membership, Acting]:
    """Find a membership that the viewer may see: their own, one of an account they are let into, any for staff."""
    if texts.key("mem", membership_id) is None:
        raise NotFound("membershipId", thing="membership")
    row = await Membership.filter(id=membership_id).select_related("account", "user").first()
    if row is None:
        raise NotFound("membershipId", thing="membership")
    place = await place_of(viewer.user.id, row.account_id)
    if place is not None and (row.user_id == viewer.user.id or Acting.at(viewer, place).is_let_in):
        return row, Acting.at(viewer, place)
    if viewer.operator is None:
        raise NotFound("membershipId", thing="membership")
    return row, Acting.maybe_at(viewer, row.account, place)


async def update(acting: Acting, membership_id: str, edit: Edit) -> Membership:
    """Change what a member may do, whether they are let in, or when that ends."""
    until = edit.expires_at and texts.future(edit.expires_at, "expiresAt")
    wanted = (
        texts.permissions(edit.permissions, "permissions") if edit.permissions is not None else None
    )

    async with act_in(acting) as (under_way, acting):
        member = await _editable(acting, membership_id)
        if edit.if_version not in {None, member.version}:
            raise StaleVersion(member.version)
        if wanted is not None:
            granting.grant(acting, wanted, "permissions", held=member.granted)

        changes = _apply(member, wanted, edit, until)
        if changes:
            await _save(under_way, member)
            await _record(under_way, acting, member, Deed(_action(member, changes), (), changes))
    return member


async def revoke(acting: Acting, membership_id: str, reason: str | None = None) -> Membership:
    """End a membership now: its sessions lose the account, its streams end, the invites it sent are revoked."""
    told = texts.note(reason, 500, "reason")

    async with act_in(acting) as (under_way, acting):
        member = await _editable(acting, membership_id)

        member.ended_at = under_way.now
        changes = [Change("status", member.status, MembershipStatus.ENDED)]
        if told:
            changes.append(Change("reason", None, told))
        member.status = MembershipStatus.ENDED
        await _save(under_way, member)
        deed = Deed(AuditAction.MEMBERSHIP_REVOKED, (), tuple(changes))
        await _record(under_way, acting, member, deed)
    return member


def described(acting: Acting) -> Who:
    """Name whoever manages: as a member where they are let in, else as staff."""
    if acting.is_let_in:
        return audit.person(acting.viewer, badges.of_member(acting))
    return audit.staff(acting.viewer)


def permission_used(acting: Acting) -> Permission | None:
    """Name the permission that lets the viewer manage; staff need none."""
    return Permission.MANAGE_USERS if acting.is_let_in else None


async def _editable(acting: Acting, membership_id: str) -> Membership:
    granting.manage(acting)
    member = (
        await Membership.filter(id=membership_id, account_id=acting.account.id)
        .exclude(status=MembershipStatus.ENDED)
        .select_related("user")
        .first()
    )
    if member is None:
        raise NotFound("membershipId", thing="membership")
    if member.user_id == acting.account.owner_id:
        raise OwnerIsImmutable
    if member.user_id == acting.viewer.user.id:
        raise CannotEditSelf
    granting.outrank(acting, member.granted)
    return member


def _apply(
    member: Membership, wanted: Permissions | None, edit: Edit, until: datetime | None
) -> tuple[Change, ...]:
    before = _shown(member)
    if wanted is not None:
        member.granted = wanted
    if edit.suspended is not None:
        member.status = MembershipStatus.SUSPENDED if edit.suspended else MembershipStatus.ACTIVE
    if "expires_at" in edit.given:
        member.expires_at = until
    after = _shown(member)
    return tuple(
        Change(name, before[name], after[name]) for name in after if before[name] != after[name]
    )


def _shown(member: Membership) -> Mapping[str, Json]:
    return {
        "permissions": list(in_order(member.granted)),
        "status": member.status,
        "expiresAt": audit.moment(member.expires_at) if member.expires_at else None,
    }


def _action(member: Membership, changes: tuple[Change, ...]) -> AuditAction:
    if not any(change.field == "status" for change in changes):
        return AuditAction.MEMBERSHIP_UPDATED
    if member.status is MembershipStatus.SUSPENDED:
        return AuditAction.MEMBERSHIP_SUSPENDED
    return AuditAction.MEMBERSHIP_RESTORED


async def _save(under_way: Act, member: Membership) -> None:
    member.version += 1
    await member.save(update_fields=["granted", "status", "expires_at", "ended_at", "version"])
    await withdrawals.of_member(under_way, member)
    under_way.topics.add(member.user_id)


async def _record(under_way: Act, acting: Acting, member: Membership, deed: Deed) -> None:
    targets = (
        Target(member.id, "Membership", member.user.display_name),
        Target(member.user_id, "User", member.user.display_name),
    )
    told = replace(deed, targets=targets, used=permission_used(acting))
    await under_way.record(acting.account.id, described(acting), told)
