"""Inviting people into an account."""

from datetime import timedelta

from tortoise.expressions import Q

from app.domain import emails, granting, members, offers, quotas, texts
from app.domain.acting import Acting, place_of
from app.domain.acts import Act, act_in
from app.domain.audit import Deed, Target
from app.domain.emails import Mail
from app.domain.links import LinkExpired
from app.domain.offers import Checked, Offer
from app.domain.quotas import Limit
from app.domain.refusals import EmailNotVerified, ErrorCode, NotFound, Refusal
from app.domain.viewers import Viewer
from app.kit import clock, secrets
from app.kit.addresses import Address
from models import (
    AuditAction,
    Email,
    Invite,
    InviteStatus,
    Membership,
    MembershipStatus,
    key,
)
from models.permission import in_order

MOST_PENDING = 200
MOST_PENDING_UNVERIFIED = 3
TO_ONE_ADDRESS = Limit(most=10, window=timedelta(days=1), gap=timedelta(minutes=1))
BY_ONE_ACCOUNT = Limit(most=50, window=timedelta(hours=1))


class AlreadyAMember(Refusal):
    """Who is invited, or accepts, has access already: nothing is widened."""

    code = ErrorCode.ALREADY_A_MEMBER
    says = "This person is a member of the account already. Change their permissions instead."


class LimitReached(Refusal):
    """There are too many already."""

    code = ErrorCode.LIMIT_REACHED
    says = "There are {most} pending invites already. Revoke some first."


class InviteNotPending(Refusal):
    """The invite was accepted, declined, revoked, or has expired."""

    code = ErrorCode.INVITE_NOT_PENDING
    says = "This invite is no longer pending: it is {status}."


async def send(acting: Acting, offer: Offer) -> Invite:
    """Offer someone a place in the account by mail; to invite again renews what is pending."""
    checked = offers.read(acting, offer)

    async with act_in(acting) as (under_way, acting):
        granting.manage(acting)
        granting.grant(acting, checked.permissions, "permissions")
        offers.admit_domain(acting.account, checked.address)
        await _refuse_members(acting, checked.address)
        pending = await Invite.get_or_none(
            account_id=acting.account.id,
            email_key=checked.address.key,
            status=InviteStatus.PENDING,
        )
        if pending is not None:
            granting.grant(acting, pending.granted)
        await _refuse_too_many(acting, checked, pending)
        await _count(acting, checked.address.key)

        invite, secret = _renewed(under_way, acting, checked, pending)
        await _post(under_way, acting, invite, secret)
        await _record(under_way, acting, invite, AuditAction.INVITE_SENT)
    return invite


async def resend(acting: Acting, invite_id: str) -> Invite:
    """Mail a pending invite again, with a new link; the old one dies."""
    async with act_in(acting) as (under_way, acting):
        invite = await _mine(acting, invite_id)
        await _count(acting, invite.email_key)

        secret = secrets.mint()
        invite.secret_digest = secrets.digest(secret)
        invite.sent_count += 1
        await _post(under_way, acting, invite, secret)
        await _record(under_way, acting, invite, AuditAction.INVITE_RESENT)
    return invite


async def revoke(acting: Acting, invite_id: str) -> Invite:
    """Take a pending invite back; its link dies."""
    async with act_in(acting) as (under_way, acting):
        invite = await _mine(acting, invite_id)

        invite.status, invite.responded_at = InviteStatus.REVOKED, under_way.now
        await invite.save(update_fields=["status", "responded_at"])
        await _record(under_way, acting, invite, AuditAction.INVITE_REVOKED)
    return invite


async def find(viewer: Viewer, invite_id: str) -> tuple[Invite, Acting]:
    """Find an invite of an account that the viewer is let into, or any as staff."""
    row = None
    if texts.key("inv", invite_id) is not None:
        row = await Invite.filter(id=invite_id).select_related("account").first()
    if row is None:
        raise NotFound("inviteId", thing="invite")
    place = await place_of(viewer.user.id, row.account_id)
    acting = Acting.maybe_at(viewer, row.account, place)
    if not acting.is_let_in and viewer.operator is None:
        raise NotFound("inviteId", thing="invite")
    return row, acting


def status_of(invite: Invite) -> InviteStatus:
    """Say what became of an invite; one whose time, or whose membership's time, is over has expired."""
    if invite.status is not InviteStatus.PENDING:
        return invite.status
    ends = min(invite.expires_at, invite.membership_expires_at or invite.expires_at)
    return InviteStatus.EXPIRED if ends <= clock.now() else InviteStatus.PENDING


def refuse_unless_pending(invite: Invite, *path: str) -> None:
    """Refuse an invite that was answered, revoked, or has expired."""
    status = status_of(invite)
    if status is not InviteStatus.PENDING:
        raise InviteNotPending(*path, status=status.lower())


def refuse_unless_answerable(invite: Invite) -> None:
    """Refuse an invite that can no longer be answered: one that has expired apart from one that is settled."""
    if status_of(invite) is InviteStatus.EXPIRED:
        raise LinkExpired("token")
    refuse_unless_pending(invite)


async def _refuse_members(acting: Acting, address: Address) -> None:
    inside = Membership.filter(account_id=acting.account.id, user__email_key=address.key)
    if await inside.exclude(status=MembershipStatus.ENDED).exists():
        raise AlreadyAMember("email")


async def _refuse_too_many(acting: Acting, checked: Checked, pending: Invite | None) -> None:
    waiting = Invite.filter(status=InviteStatus.PENDING, expires_at__gt=clock.now())
    here = waiting.filter(account_id=acting.account.id)
    if pending is None and await here.count() >= MOST_PENDING:
        raise LimitReached(most=MOST_PENDING)
    if acting.viewer.user.email_verified_at is None:
        own = waiting.filter(invited_by_id=acting.viewer.user.id)  # accounts cost nothing
        others = own.exclude(Q(account_id=acting.account.id, email_key=checked.address.key))
        if await others.count() >= MOST_PENDING_UNVERIFIED:
            raise EmailNotVerified(reason="until then you can have 3 pending invites")


async def _count(acting: Acting, email_key: str) -> None:
    await quotas.take(f"invites:{acting.account.id}", BY_ONE_ACCOUNT)
    await quotas.take(f"invite-mail:{email_key}", TO_ONE_ADDRESS, "email")


def _renewed(
    under_way: Act, acting: Acting, checked: Checked, pending: Invite | None
) -> tuple[Invite, str]:
    secret, viewer = secrets.mint(), acting.viewer
    invite = pending or Invite(
        id=key.mint("inv"),
        account_id=acting.account.id,
        email_key=checked.address.key,
        sent_count=0,
        created_at=under_way.now,
    )
    staff = None if acting.is_let_in else viewer.operator
    invite.invited_by_id = None if staff else viewer.user.id
    invite.invited_by_operator_id = staff.id if staff else None
    invite.inviter_name = viewer.name
    invite.email, invite.locale = checked.address.shown, checked.locale
    invite.granted, invite.note = checked.permissions, checked.note
    invite.membership_expires_at = checked.until
    invite.expires_at = offers.end(acting, under_way.now + checked.lifetime)
    invite.secret_digest = secrets.digest(secret)
    invite.sent_count += 1
    return invite, secret


async def _post(under_way: Act, acting: Acting, invite: Invite, secret: str) -> Email:
    facts = {
        "account": acting.account.name,
        "inviter": acting.viewer.name,
        "note": invite.note,
        "permissions": in_order(invite.granted),
        "link": under_way.call.site.link("invite", secret),
        "expires_at": invite.expires_at,
    }
    mail = Mail("invite", invite.email, invite.locale, facts, acting.account.id, has_secret=True)
    invite.mail = await emails.queue(under_way, mail)
    invite.last_sent_at = under_way.now
    await invite.save()
    return invite.mail


async def _mine(acting: Acting, invite_id: str) -> Invite:
    granting.manage(acting)
    invite = await Invite.get_or_none(id=invite_id, account_id=acting.account.id)
    if invite is None:
        raise NotFound("inviteId", thing="invite")
    refuse_unless_pending(invite)
    granting.grant(acting, invite.granted)
    return invite


async def _record(under_way: Act, acting: Acting, invite: Invite, action: AuditAction) -> None:
    deed = Deed(
        action, (Target(invite.id, "Invite", invite.email),), used=members.permission_used(acting)
    )
    await under_way.record(acting.account.id, members.described(acting), deed)
    under_way.topics.add(f"mail:{invite.email_key}")
