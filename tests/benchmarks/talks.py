"""Tickets and what is said in them: in each account one page of 56 messages by eight authors, and short ones."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from app.kit import clock
from models import (
    Account,
    ActorKind,
    Channel,
    Operator,
    Relationship,
    Ticket,
    TicketMessage,
    TicketPriority,
    TicketStatus,
    User,
    key,
)
from tests.benchmarks.sizes import Size

LONG: Final = 56
START: Final = clock.now() - timedelta(days=200)
WORDS: Final = (
    'Hello — our site "shop.example" returns 502 since this morning; DNS at ns1 looks fine. '
    "Could you check the <b>php-fpm</b> pool & restart it? Thanks!\n"
    "Invoice #4711 was paid twice, please refund the café order. "
) * 3
BADGES: Final = (
    Relationship.OWNER,
    Relationship.AUTHORIZED_USER,
    Relationship.AUTHORIZED_USER,
    Relationship.REGISTERED_USER,
    Relationship.REGISTERED_USER,
)
STATES: Final = (TicketStatus.OPEN, TicketStatus.CLOSED, TicketStatus.ANSWERED, TicketStatus.CLOSED)
numbers = count(1)


@dataclass(frozen=True, slots=True)
class Cast:
    """Who talks in an account: the viewer; its owner, a colleague, a former one, two strangers."""

    account: Account
    department: str
    viewer: User
    others: tuple[User, ...]


async def write(size: Size, cast: Cast, staff: list[Operator]) -> tuple[str, str]:
    """Write an account's tickets; name the long one, and the one that is replied to."""
    tickets = [_ticket(cast, n) for n in range(size.tickets)]
    long = list(_page(tickets[0], cast, staff))
    short = [
        _said(ticket, n, cast.viewer, staff[0] if n % 2 else None, Relationship.AUTHORIZED_USER)
        for each, ticket in enumerate(tickets[1:])
        for n in range(_share(size, each))
    ]
    await Ticket.bulk_create(tickets, batch_size=500)
    await TicketMessage.bulk_create(long + short, batch_size=500)
    return tickets[0].id, tickets[1].id


def _share(size: Size, number: int) -> int:
    """Count what is said in a short ticket: all of them together say what the long one leaves."""
    each, more = divmod(size.messages - LONG, size.tickets - 1)
    return each + (number < more)


def _ticket(cast: Cast, n: int) -> Ticket:
    at = START + timedelta(minutes=n)
    return Ticket(
        id=key.mint("tkt"),
        number=f"ABC-{next(numbers):06}",
        account_id=cast.account.id,
        department_id=cast.department,
        opener_id=cast.viewer.id,
        opener_name=cast.viewer.display_name,
        opener_email=cast.viewer.email,
        opener_relationship=Relationship.AUTHORIZED_USER,
        subject=f'Ticket {n}: site "shop" is slow',
        status=STATES[n % len(STATES)],
        priority=TicketPriority(1 + n % 3),
        created_at=at,
        updated_at=at,
    )


def _page(ticket: Ticket, cast: Cast, staff: list[Operator]) -> Iterator[TicketMessage]:
    voices = [(user, None, badge) for user, badge in zip(cast.others, BADGES, strict=True)]
    people = [
        (cast.viewer, None, Relationship.AUTHORIZED_USER),
        *voices,
        *((each.user, each, Relationship.OPERATOR) for each in staff),
    ]
    for n in range(LONG):
        user, operator, badge = people[n % len(people)]
        yield _said(ticket, n, user, operator, badge)


def _said(
    ticket: Ticket, n: int, user: User, operator: Operator | None, badge: Relationship
) -> TicketMessage:
    at: datetime = ticket.created_at + timedelta(minutes=7 * n, milliseconds=250)
    return TicketMessage(
        id=key.mint("msg"),
        ticket_id=ticket.id,
        account_id=ticket.account_id,
        author_kind=ActorKind.OPERATOR if operator else ActorKind.USER,
        author_id=None if operator else user.id,
        operator_id=operator.id if operator else None,
        author_name=user.display_name,
        author_email=user.email,
        relationship=Relationship.OPERATOR if operator else badge,
        body=WORDS[n % 60 : 180 + n * 4],
        via=Channel.OPERATOR if operator else Channel.WEB,
        created_at=at,
    )
