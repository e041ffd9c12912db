"""Declining an invite, with its link or in one's own session."""

from app.domain import audit, emails, invite_links
from app.domain.acts import Act, act
from app.domain.audit import Deed, Target, Who
from app.domain.calls import Call
from app.domain.emails import Mail
from app.domain.invite_links import Reference
from app.domain.viewers import Viewer
from app.kit import addresses
from models import ActorKind, AuditAction, Invite, InviteStatus, User


async def decline(call: Call, viewer: Viewer | None, reference: Reference) -> Invite:
    """Say no to an invite; the inviter is told."""
    seen = await invite_links.find(viewer, reference)

    async with act(call, seen.account_id) as under_way:
        invite = await invite_links.held(seen)

        invite.status, invite.responded_at = InviteStatus.DECLINED, under_way.now
        await invite.save(update_fields=["status", "responded_at"])
        who = _who(call, viewer, invite)
        deed = Deed(AuditAction.INVITE_DECLINED, (Target(invite.id, "Invite", invite.email),))
        await under_way.record(invite.account_id, who, deed)
        await _tell_inviter(under_way, invite)
        under_way.topics.add(f"mail:{invite.email_key}")
    return invite


def _who(call: Call, viewer: Viewer | None, invite: Invite) -> Who:
    if viewer is not None:
        return audit.person(viewer)
    return Who(ActorKind.GUEST, None, addresses.mask(invite.email), via=call.via)


async def _tell_inviter(under_way: Act, invite: Invite) -> None:
    inviter = await User.get_or_none(id=invite.invited_by_id) if invite.invited_by_id else None
    if inviter is not None:
        facts = {
            "name": inviter.display_name,
            "account": invite.account.name,
            "invited": invite.email,
        }
        mail = Mail("invite_declined", inviter.email, inviter.locale, facts, invite.account_id)
        await emails.queue(under_way, mail)
