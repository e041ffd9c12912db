"""Writing mail, in the transaction that causes it."""

from collections.abc import Mapping
from dataclasses import field

from app.database import writes
from app.domain.acts import Act
from app.kit import letters
from app.kit.frozen import frozen
from models import Email, key


@frozen
class Mail:
    """A mail to write: its kind, to whom, in which language, and the facts that it tells."""

    kind: str
    to: str
    locale: str
    facts: Mapping[str, object] = field(default_factory=dict)
    account_id: str | None = None
    has_secret: bool = False
    thread_id: str | None = None


async def queue(act: Act, mail: Mail) -> Email:
    """Write a mail into the queue; the postman sends it once the transaction is through."""
    email = _email(act, mail)
    await email.save(force_create=True)
    return email


def queue_last(act: Act, mail: Mail) -> None:
    """Write a mail that nothing refers to, at the end of the act and together with the rest."""
    act.writes.append(writes.insert(_email(act, mail)))


def _email(act: Act, mail: Mail) -> Email:
    letter = letters.render(mail.kind, mail.locale, mail.facts)
    act.has_mail = True
    id = key.mint("eml")
    return writes.fresh(
        Email,
        id=id,
        account_id=mail.account_id,
        kind=mail.kind,
        recipient=mail.to,
        subject=letter.subject,
        body_text=letter.text,
        body_html=letter.html,
        has_secret=mail.has_secret,
        message_id=f"<{id}@{act.call.site.mail_domain}>",
        thread_id=mail.thread_id,
        next_attempt_at=act.now,
        created_at=act.now,
    )
