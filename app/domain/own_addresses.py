"""Changing one's own address: proof first, then the link to the new one."""

from datetime import timedelta

from app.domain import audit, emails, links, quotas, sessions, texts
from app.domain.acts import act, still
from app.domain.audit import Deed
from app.domain.emails import Mail
from app.domain.verification import SENDING, EmailTaken
from app.domain.viewers import Viewer
from models import NO_ACCOUNT, AuditAction, LinkPurpose, User


async def request(viewer: Viewer, email: str) -> None:
    """Ask for another address: nothing changes until the link that is mailed there is followed."""
    address = texts.address(email, "email")

    async with act(viewer.call, NO_ACCOUNT) as under_way:
        user = await User.select_for_update().get(id=(await still(viewer)).user.id)
        if await User.exists(email_key=address.key):
            raise EmailTaken("email")
        await quotas.take(f"verify:{address.key}", SENDING, "email")

        user.pending_email, user.pending_email_key = address.shown, address.key
        await user.save(update_fields=["pending_email", "pending_email_key"])
        secret = await links.make(under_way, user, LinkPurpose.CHANGE_EMAIL, address.key)
        facts = {
            "name": user.display_name,
            "link": viewer.call.site.link("verify-email", secret),
            "hours": links.LIFETIMES[LinkPurpose.CHANGE_EMAIL] // timedelta(hours=1),
        }
        mail = Mail("change_email", address.shown, user.locale, facts, has_secret=True)
        await emails.queue(under_way, mail)
        deed = Deed(AuditAction.USER_EMAIL_CHANGE_REQUESTED, (sessions.target(user),))
        await under_way.record(NO_ACCOUNT, audit.person(viewer), deed)
