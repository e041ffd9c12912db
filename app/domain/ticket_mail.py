"""Who is told by mail of what was said in a ticket."""

from collections.abc import Iterable

from tortoise.expressions import Q

from app.domain import emails
from app.domain.desks import Work
from app.domain.emails import Mail
from models import (
    Account,
    AccountStatus,
    Membership,
    MembershipStatus,
    Operator,
    Permission,
    Ticket,
    TicketMail,
    TicketMessage,
    User,
)
from models.permission import effective


async def tell(work: Work, message: TicketMessage) -> None:
    """Mail a message to whoever takes part, and to members as they chose; never to its author."""
    people = await _customers(work.ticket)
    people |= await _staff(work.ticket)
    people.pop(work.desk.viewer.user.id, None)
    for person in people.values():
        await emails.queue(work.under_way, _mail(work, message, person))


def _mail(work: Work, message: TicketMessage, to: User) -> Mail:
    ticket, site = work.ticket, work.under_way.call.site
    facts = {
        "name": to.display_name,
        "number": ticket.number,
        "subject": ticket.subject,
        "author": message.author_name,
        "badge": message.relationship,
        "body": message.body,
        "link": site.link("tickets", ticket.id),
    }
    thread = f"<{ticket.id}@{site.mail_domain}>"
    return Mail("ticket_reply", to.email, to.locale, facts, ticket.account_id, thread_id=thread)


async def _customers(ticket: Ticket) -> dict[str, User]:
    part = await _who_took_part(ticket, "author_id")
    if ticket.opener_id:
        part.add(ticket.opener_id)
    if ticket.account_id is None:
        return _by_id(await User.filter(id__in=[ticket.opener_id] if ticket.opener_id else []))
    account = await Account.get(id=ticket.account_id)
    if account.status is AccountStatus.CLOSED:
        return {}
    chosen = Q(ticket_mail=TicketMail.ALL) | Q(ticket_mail=TicketMail.MINE, user_id__in=part)
    members = Membership.filter(chosen, account_id=account.id, status=MembershipStatus.ACTIVE)
    now = Q(expires_at__isnull=True) | Q(expires_at__gt=ticket.updated_at)
    living = await members.filter(now).select_related("user")
    return _by_id(member.user for member in living if _may_read(account, member))


async def _staff(ticket: Ticket) -> dict[str, User]:
    part = await _who_took_part(ticket, "operator_id")
    operators = await Operator.filter(id__in=part).select_related("user")
    return _by_id(operator.user for operator in operators)


async def _who_took_part(ticket: Ticket, column: str) -> set[str]:
    said = TicketMessage.filter(ticket_id=ticket.id, internal=False, **{f"{column}__isnull": False})
    rows = await said.distinct().values(column)
    return {row[column] for row in rows}


def _may_read(account: Account, member: Membership) -> bool:
    is_owner = member.user_id == account.owner_id
    return is_owner or Permission.TICKETS in effective(member.granted)


def _by_id(people: Iterable[User]) -> dict[str, User]:
    return {person.id: person for person in people}
