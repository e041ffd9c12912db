"""Who is told by mail of what was said in a ticket."""

from app.database import statements
from app.domain import emails
from app.domain.desks import Work
from app.domain.emails import Mail
from app.kit.frozen import frozen
from models import AccountStatus, Permission, TicketMessage
from models.key import stored
from models.permission import mask
from models.user import full_name

PERSON = "SELECT u.id, u.email, u.locale, u.first_name, u.last_name"
SAID = "EXISTS (SELECT 1 FROM ticket_messages w WHERE w.ticket_id = $1 AND NOT w.internal"
# $1 is the ticket, $2 the author, $3 to $6 account, now, owner and opener, as they were read under the lock.
STAFF = f"""{PERSON} FROM operators o JOIN users u ON u.id = o.user_id
WHERE u.id <> $2 AND {SAID} AND w.operator_id = o.id)"""
# Members as they chose, while they may read it; and staff who took part.
MEMBERS = f"""{PERSON} FROM memberships m JOIN users u ON u.id = m.user_id
WHERE m.account_id = $3 AND m.status = 'ACTIVE' AND (m.expires_at IS NULL OR m.expires_at > $4)
AND (u.id = $5 OR m.granted & {mask([Permission.TICKETS])} > 0) AND u.id <> $2
AND (m.ticket_mail = 'ALL' OR m.ticket_mail = 'MINE' AND (u.id = $6 OR {SAID} AND w.author_id = u.id)))
UNION ALL {STAFF}"""
# The opener, where no account owns it; and staff who took part.
OPENER = f"""{PERSON} FROM users u WHERE u.id = $3 AND u.id <> $2
UNION ALL {STAFF}"""


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
    ticket, acting = work.ticket, work.desk.acting
    opener = ticket.opener_id and stored("usr", ticket.opener_id)
    asked = stored("tkt", ticket.id), stored("usr", work.desk.viewer.user.id)
    if acting is None:
        found = await statements.select(OPENER, *asked, opener)
    elif acting.account.status is AccountStatus.CLOSED:
        found = await statements.select(STAFF, *asked)
    else:
        account, now = stored("acc", acting.account.id), work.under_way.now
        owner = stored("usr", acting.account.owner_id)
        found = await statements.select(MEMBERS, *asked, account, now, owner, opener)
    readers = {
        row["id"]: Reader(
            full_name(row["first_name"], row["last_name"]), row["email"], row["locale"]
        )
        for row in found
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
