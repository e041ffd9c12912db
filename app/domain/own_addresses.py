"""Changing one's own address: proof first, then the link to the new one."""

from datetime import timedelta

from app.domain import audit, emails, links, quotas, sessions, texts, throttling, verification
from app.domain.acts import Act, act, still
from app.domain.audit import Deed
from app.domain.emails import Mail
from app.domain.refusals import RateLimited
from app.domain.throttling import Attempt
from app.domain.verification import SENDING, EmailTaken
from app.domain.viewers import Viewer
from app.kit import pacing
from app.kit.addresses import Address
from models import NO_ACCOUNT, AuditAction, LinkPurpose, User


async def request(viewer: Viewer, email: str) -> None:
    """Ask for another address: nothing changes until the link that is mailed there is followed.

    Under private registration a known address is answered as a new one is: its owner is told, and nobody has the link.
    """
    address = texts.address(email, "email")

    async with pacing.on_the_beat():
        owner = await _owner(viewer, address)
        async with act(viewer.call, NO_ACCOUNT) as under_way:
            user = await User.select_for_update().get(id=(await still(viewer)).user.id)
            await quotas.take(f"change:{user.id}", SENDING, "email")
            user.pending_email, user.pending_email_key = address.shown, address.key
            await user.save(update_fields=["pending_email", "pending_email_key"])
            secret = await links.make(under_way, user, LinkPurpose.CHANGE_EMAIL, address.key)
            if owner is None:
                await _mail(under_way, user, secret)
            else:
                await verification.tell_owner(under_way, owner)
            deed = Deed(AuditAction.USER_EMAIL_CHANGE_REQUESTED, (sessions.target(user),))
            await under_way.record(NO_ACCOUNT, audit.person(viewer), deed)


async def _owner(viewer: Viewer, address: Address) -> User | None:
    """Find whose address it is already; refuse, and count the question, unless that is a secret."""
    owner = await User.get_or_none(email_key=address.key)
    is_private = viewer.call.site.settings.private_registration
    if owner is not None and (not is_private or owner.id == viewer.user.id):
        await throttling.count(viewer.call, Attempt((throttling.by_source(viewer.call),)))
        raise EmailTaken("email")
    return owner


async def _mail(under_way: Act, user: User, secret: str) -> None:
    """Mail the link to the address that shall be; others may have asked for too many, which is not told if private."""
    site = under_way.call.site
    try:
        await quotas.take(f"verify:{user.pending_email_key}", SENDING, "email")
    except RateLimited:
        if site.settings.private_registration:
            return
        raise
    facts = {
        "name": user.display_name,
        "link": site.link("verify-email", secret),
        "hours": links.LIFETIMES[LinkPurpose.CHANGE_EMAIL] // timedelta(hours=1),
    }
    mail = Mail("change_email", str(user.pending_email), user.locale, facts, has_secret=True)
    await emails.queue(under_way, mail)
