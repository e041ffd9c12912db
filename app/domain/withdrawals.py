"""Invites that fall with the right of whoever sent them."""

from app.domain import audit
from app.domain.acting import NOTHING
from app.domain.acts import Act
from app.domain.audit import Deed, Target
from models import (
    AuditAction,
    Invite,
    InviteStatus,
    Membership,
    MembershipStatus,
    Permission,
    Permissions,
)
from models.permission import effective


async def of_member(under_way: Act, member: Membership) -> None:
    """Revoke the pending invites of a member who may no longer grant what they offer; none outlives their access."""
    may = _may_grant(member)
    pending = Invite.filter(
        account_id=member.account_id, invited_by_id=member.user_id, status=InviteStatus.PENDING
    )
    for invite in await pending:
        if not invite.granted <= may:
            await _withdraw(under_way, invite)
        elif member.expires_at and member.expires_at < invite.expires_at:
            await Invite.filter(id=invite.id).update(expires_at=member.expires_at)


def _may_grant(member: Membership) -> Permissions:
    held = effective(member.granted)
    if member.status is not MembershipStatus.ACTIVE or Permission.MANAGE_USERS not in held:
        return NOTHING
    return held - {Permission.MANAGE_USERS}


async def _withdraw(under_way: Act, invite: Invite) -> None:
    await Invite.filter(id=invite.id).update(
        status=InviteStatus.REVOKED, responded_at=under_way.now
    )
    target = Target(invite.id, "Invite", invite.email)
    await under_way.record(
        invite.account_id, audit.SYSTEM, Deed(AuditAction.INVITE_REVOKED, (target,))
    )
