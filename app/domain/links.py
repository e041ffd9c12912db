"""Mailed links: made for one purpose and one address, used once."""

from datetime import timedelta

from app.domain.acts import Act
from app.domain.refusals import ErrorCode, Refusal
from app.kit import clock, secrets
from models import Link, LinkPurpose, User

LIFETIMES = {
    LinkPurpose.VERIFY_EMAIL: timedelta(hours=24),
    LinkPurpose.CHANGE_EMAIL: timedelta(hours=24),
    LinkPurpose.RESET_PASSWORD: timedelta(hours=1),
    LinkPurpose.UNLOCK: timedelta(hours=24),
}


class LinkExpired(Refusal):
    """The link was used, replaced, or is too old; or what it was for has changed since."""

    code = ErrorCode.LINK_EXPIRED
    says = "This link is no longer valid. Ask for a new one."


async def make(
    under_way: Act, user: User, purpose: LinkPurpose, email_key: str | None = None
) -> str:
    """Make a link to the user's address, or the one that is named; older ones for the purpose die. The secret."""
    secret = secrets.mint()
    await drop(user, purpose)
    await Link.create(
        user_id=user.id,
        purpose=purpose,
        email_key=email_key or user.email_key,
        secret_digest=secrets.digest(secret),
        created_at=under_way.now,
        expires_at=under_way.now + LIFETIMES[purpose],
    )
    return secret


async def drop(user: User, *purposes: LinkPurpose) -> None:
    """Let a user's links for some purposes die; all of them if none is named."""
    rows = Link.filter(user_id=user.id)
    await (rows.filter(purpose__in=purposes) if purposes else rows).delete()


async def find(purpose: LinkPurpose, secret: str) -> Link | None:
    """Find a link that can be used; looking changes nothing, mail scanners look too."""
    rows = Link.filter(
        purpose=purpose,
        secret_digest=secrets.digest(secret),
        used_at=None,
        expires_at__gt=clock.now(),
    )
    link = await rows.select_related("user").first()
    return link if link is not None and _still_holds(link) else None


async def use(under_way: Act, purpose: LinkPurpose, secret: str) -> User:
    """Use a link up: of two who do at once, one is told that it is no longer valid. Its user."""
    link = await find(purpose, secret)
    unused = Link.filter(id=link.id, used_at=None) if link else None
    if link is None or unused is None or not await unused.update(used_at=under_way.now):
        raise LinkExpired("token")
    return await User.select_for_update().get(id=link.user_id)


def _still_holds(link: Link) -> bool:
    """Whether the address that it was sent to is still the user's, or still about to be."""
    user = link.user
    if link.purpose is LinkPurpose.CHANGE_EMAIL:
        return link.email_key == user.pending_email_key
    is_older = link.created_at < user.password_changed_at
    return link.email_key == user.email_key and not (
        link.purpose is LinkPurpose.RESET_PASSWORD and is_older
    )
