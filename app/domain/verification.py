"""Proving an address by a mailed link."""

from datetime import timedelta

from app.domain import audit, emails, quotas
from app.domain.acts import Act, act, still
from app.domain.audit import Deed, Target, Who
from app.domain.emails import Mail
from app.domain.quotas import Limit
from app.domain.refusals import ErrorCode, Refusal
from app.domain.viewers import Viewer
from app.kit import clock, secrets
from models import NO_ACCOUNT, AuditAction, Link, LinkPurpose, User

LIFETIME = timedelta(hours=24)
SENDING = Limit(most=10, window=timedelta(days=1), gap=timedelta(minutes=1))


class LinkExpired(Refusal):
    """The link was used, replaced, or is too old."""

    code = ErrorCode.LINK_EXPIRED
    says = "This link is no longer valid. Ask for a new one."


async def send(under_way: Act, user: User) -> None:
    """Mail a link that verifies the user's address; older ones die."""
    secret = secrets.mint()
    await Link.filter(user_id=user.id, purpose=LinkPurpose.VERIFY_EMAIL).delete()
    await Link.create(
        user_id=user.id,
        purpose=LinkPurpose.VERIFY_EMAIL,
        email_key=user.email_key,
        secret_digest=secrets.digest(secret),
        created_at=under_way.now,
        expires_at=under_way.now + LIFETIME,
    )
    link = under_way.call.site.link("verify-email", secret)
    facts = {"name": user.display_name, "link": link, "hours": LIFETIME // timedelta(hours=1)}
    await emails.queue(
        under_way, Mail("verify_email", user.email, user.locale, facts, has_secret=True)
    )


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
    """Use a user's link up, and take their address as proved."""
    user = await User.select_for_update().get(id=user.id)
    link = await _unused(user, secret)
    if link is None:
        raise LinkExpired("token")

    await Link.filter(id=link.id).update(used_at=under_way.now)
    await mark(under_way, user)


async def note(under_way: Act, user: User, who: Who) -> None:
    """Note that a user has proved their address."""
    deed = Deed(AuditAction.USER_EMAIL_VERIFIED, (Target(user.id, "User", user.display_name),))
    await under_way.record(NO_ACCOUNT, who, deed)


async def mark(under_way: Act, user: User) -> None:
    """Note that the address has been proved to be the user's."""
    user.email_verified_at = user.email_verified_at or under_way.now
    await User.filter(id=user.id).update(email_verified_at=user.email_verified_at)


async def _unused(user: User, secret: str) -> Link | None:
    return await Link.get_or_none(
        user_id=user.id,
        purpose=LinkPurpose.VERIFY_EMAIL,
        email_key=user.email_key,
        secret_digest=secrets.digest(secret),
        used_at=None,
        expires_at__gt=clock.now(),
    )
