"""Proving an address by a mailed link."""

from datetime import timedelta

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from app.domain import audit, emails, links, quotas
from app.domain.acts import Act, act, still
from app.domain.audit import Deed, Target, Who
from app.domain.emails import Mail
from app.domain.links import LinkExpired
from app.domain.quotas import Limit
from app.domain.refusals import ErrorCode, RateLimited, Refusal
from app.domain.viewers import Viewer
from app.kit import addresses
from models import NO_ACCOUNT, ActorKind, AuditAction, LinkPurpose, User

SENDING = Limit(most=10, window=timedelta(days=1), gap=timedelta(minutes=1))


class EmailTaken(Refusal):
    """The address belongs to a user already."""

    code = ErrorCode.EMAIL_TAKEN
    says = "There is a user with this address already. Sign in instead."


async def send(under_way: Act, user: User) -> None:
    """Mail a link that verifies the user's address; older ones die."""
    secret = await links.make(under_way, user, LinkPurpose.VERIFY_EMAIL)
    facts = {
        "name": user.display_name,
        "link": under_way.call.site.link("verify-email", secret),
        "hours": links.LIFETIMES[LinkPurpose.VERIFY_EMAIL] // timedelta(hours=1),
    }
    mail = Mail("verify_email", user.email, user.locale, facts, has_secret=True)
    await emails.queue(under_way, mail)


async def tell_owner(under_way: Act, owner: User) -> None:
    """Mail a user whose address somebody else wants to have, where that is told to nobody else."""
    try:
        await quotas.take(f"registered:{owner.email_key}", SENDING)
    except RateLimited:
        return
    facts = {"name": owner.display_name, "link": under_way.call.site.settings.app_url}
    mail = Mail("registration_attempted", owner.email, owner.locale, facts)
    await emails.queue(under_way, mail)


async def request(viewer: Viewer) -> None:
    """Mail the link again; nothing to do once the address is verified."""
    async with act(viewer.call) as under_way:
        user = await User.get(id=(await still(viewer)).user.id)
        if user.email_verified_at is None:
            await quotas.take(f"verify:{user.email_key}", SENDING)
            await send(under_way, user)


async def confirm(viewer: Viewer, secret: str) -> None:
    """Verify the viewer's own address with the secret of the link; another user's link is no good to them."""
    async with act(viewer.call) as under_way:
        user = (await still(viewer)).user
        await use(under_way, user, secret)
        await note(under_way, user, audit.person(viewer))


async def use(under_way: Act, user: User, secret: str) -> None:
    """Use a user's link up, and take the address that it was sent to as theirs and proved."""
    link = await links.find(LinkPurpose.VERIFY_EMAIL, secret)
    link = link or await links.find(LinkPurpose.CHANGE_EMAIL, secret)
    if link is None or link.user_id != user.id:
        raise LinkExpired("token")

    locked = await links.use(under_way, link.purpose, secret)
    if link.purpose is LinkPurpose.CHANGE_EMAIL:
        await _move(under_way, locked)
    await mark(under_way, locked)


async def note(under_way: Act, user: User, who: Who) -> None:
    """Note that a user has proved their address."""
    deed = Deed(AuditAction.USER_EMAIL_VERIFIED, (Target(user.id, "User", user.display_name),))
    await under_way.record(NO_ACCOUNT, who, deed)


async def mark(under_way: Act, user: User) -> None:
    """Note that the address has been proved to be the user's."""
    user.email_verified_at = user.email_verified_at or under_way.now
    await User.filter(id=user.id).update(email_verified_at=user.email_verified_at)


async def _move(under_way: Act, user: User) -> None:
    """Give a user the address that they asked for, and tell the old one."""
    old, new = user.email, str(user.pending_email)
    user.email, user.email_key = new, str(user.pending_email_key)
    user.pending_email = user.pending_email_key = None
    user.email_verified_at = under_way.now
    fields = ("email", "email_key", "pending_email", "pending_email_key", "email_verified_at")
    try:
        async with in_transaction():
            await user.save(update_fields=fields)
    except IntegrityError as no:
        raise EmailTaken("token") from no
    await links.drop(user, LinkPurpose.VERIFY_EMAIL, LinkPurpose.RESET_PASSWORD)
    facts = {"name": user.display_name, "email": addresses.mask(new), "at": under_way.now}
    await emails.queue(under_way, Mail("email_changed", old, user.locale, facts))
    who = Who(ActorKind.USER, user.id, user.display_name, via=under_way.call.via)
    target = Target(user.id, "User", user.display_name)
    await under_way.record(NO_ACCOUNT, who, Deed(AuditAction.USER_EMAIL_CHANGED, (target,)))
