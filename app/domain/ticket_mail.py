"""Who is told by mail of what was said in a ticket."""

from app.database import statements
from app.domain import emails
from app.domain.desks import Work
from app.domain.emails import Mail
from app.kit.frozen import frozen
from models import Permission, TicketMessage
from models.permission import mask
from models.user import full_name

PERSON = "u.id, u.email, u.locale, u.first_name, u.last_name"
SAID = "SELECT 1 FROM ticket_messages w WHERE w.ticket_id = t.id AND NOT w.internal"
# Members as they chose, while they may read it, or the opener where no account owns it; and staff who took part.
STAFF = f"""
UNION ALL SELECT {PERSON} FROM tickets t JOIN operators o ON EXISTS ({SAID} AND w.operator_id = o.id)
JOIN users u ON u.id = o.user_id WHERE t.id = $1 AND u.id <> $2
"""  # noqa: S608  # nothing but names of columns is put in
MEMBERS = f"""
SELECT {PERSON} FROM tickets t JOIN accounts a ON a.id = t.account_id AND a.status <> 'CLOSED'
JOIN memberships m ON m.account_id = a.id AND m.status = 'ACTIVE'
  AND (m.expires_at IS NULL OR m.expires_at > $3)
JOIN users u ON u.id = m.user_id AND (u.id = a.owner_id OR m.granted & {mask([Permission.TICKETS])} > 0)
WHERE t.id = $1 AND u.id <> $2 AND (m.ticket_mail = 'ALL' OR m.ticket_mail = 'MINE' AND (
  u.id = t.opener_id OR EXISTS ({SAID} AND w.author_id = u.id)))
{STAFF}"""  # noqa: S608  # nothing but names of columns and a number of ours is put in
OPENER = f"""
SELECT {PERSON} FROM tickets t JOIN users u ON u.id = t.opener_id
WHERE t.id = $1 AND t.account_id IS NULL AND u.id <> $2
{STAFF}"""  # noqa: S608  # nothing but names of columns is put in


@frozen
class Reader:
    """Somebody who is told."""

    name: str
    email: str
    locale: str


async def tell(work: Work, message: TicketMessage) -> None:
    """Mail a message to whoever takes part, and to members as they chose; never to its author."""
    for reader in await _readers(work):
        emails.queue_last(work.under_way, _mail(work, message, reader))


async def _readers(work: Work) -> list[Reader]:
    ticket, author = work.ticket, work.desk.viewer.user
    fields = type(ticket)._meta.fields_map  # noqa: SLF001  # it has no public name
    stored = [
        fields["id"].to_db_value(ticket.id, ticket),
        author._meta.pk.to_db_value(author.id, author),  # noqa: SLF001
    ]
    if ticket.account_id:
        stored.append(fields["updated_at"].to_db_value(ticket.updated_at, ticket))
    readers = {
        row["id"]: Reader(
            full_name(row["first_name"], row["last_name"]), row["email"], row["locale"]
        )
        for row in await statements.select(MEMBERS if ticket.account_id else OPENER, *stored)
    }
    return list(readers.values())


def _mail(work: Work, message: TicketMessage, to: Reader) -> Mail:
    ticket, site = work.ticket, work.under_way.call.site
    facts = {
        "name": to.name,
        "number": ticket.number,
        "subject": ticket.subject,
        "author": message.author_name,
        "badge": message.relationship,
        "body": message.body,
        "link": site.link("tickets", ticket.id),
    }
    thread = f"<{ticket.id}@{site.mail_domain}>"
    return Mail("ticket_reply", to.email, to.locale, facts, ticket.account_id, thread_id=thread)
