"""The link that opens a locked sign-in, before it is used."""

from app.domain import links
from models import LinkPurpose


async def is_valid(secret: str) -> bool:
    """Whether a link would open a sign-in; looking changes nothing, mail scanners look too."""
    return await links.find(LinkPurpose.UNLOCK, secret) is not None
