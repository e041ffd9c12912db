"""The mail of the demo world: its links are followed here, and none of it is ever sent."""

import re

from tortoise.expressions import F

from app.demo.cast import SOMEWHERE
from app.domain.postman import BLANK
from models import Email, MailDelivery


async def secret_for(email: str, kind: str) -> str | None:
    """Return the secret of the link in the latest mail of a kind to an address, unless it was blanked."""
    mails = Email.filter(recipient=email, kind=kind).order_by("-created_at", "-id")
    mail = await mails.first()
    found = mail and re.search(r"^http\S+/([\w-]+)$", mail.body_text, re.MULTILINE)
    return found[1] if found else None


async def seal(kept: str) -> None:
    """Mark everything as sent, its secrets blanked; but the link to one address can still be read."""
    written = Email.filter(recipient__endswith=SOMEWHERE, delivery=MailDelivery.QUEUED)
    secret = written.filter(has_secret=True).exclude(recipient=kept)
    await secret.update(body_text=BLANK, body_html=BLANK)
    await written.update(delivery=MailDelivery.SENT, attempts=1, sent_at=F("created_at"))
