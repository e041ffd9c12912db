"""Made-up tickets, and what is said in them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random, choices, randrange
from typing import Final, Self

from app.demo.crowd_people import Household
from app.domain.tickets import LETTERS
from app.kit import clock
from app.kit.frozen import frozen
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

TICKETS_A_USER: Final = 10
MESSAGES_A_TICKET: Final = 5
TOPICS: Final = (
    "The site answers 502",
    "A mailbox for a new colleague",
    "Certificate runs out on Friday",
    "Invoice without our tax number",
    "Restore yesterday's database",
    "DNS change takes for ever",
)
ASKED: Final = (
    "Since this morning the shop answers `502 Bad Gateway`. DNS looks fine from here. Could you look?",
    "It went well until we moved. Now two of three requests fail:\n\n- `/` works\n- `/basket` does not",
    "Thanks, that helped. One more thing: who of us gets the mail about it?",
    "We tried it again with another browser, at another place, with the same result.",
)
ANSWERED: Final = (
    "We have restarted the workers and keep an eye on them. *Please tell us if it comes back.*",
    "That is set now. It takes up to an hour until everybody sees it.",
    "Could you send us the exact time, and the address that you came from?",
)


@frozen
class Voice:
    """Somebody who writes: a user, or an operator with theirs, and what they are to the account."""

    user: User
    operator: Operator | None
    badge: Relationship


@frozen
class Support:
    """Who answers, in which department."""

    voices: list[Voice]
    department_id: str

    @classmethod
    def of(cls, staff: list[Operator], department_id: str) -> Self:
        """Let the staff answer."""
        return cls([Voice(each.user, each, Relationship.OPERATOR) for each in staff], department_id)


async def free_numbers(count: int) -> list[str]:
    """Draw ticket numbers that no ticket has."""
    drawn: set[str] = set()
    while len(drawn) < count:
        fresh = {_number() for _ in range(count - len(drawn))}
        taken = await Ticket.filter(number__in=fresh).values_list("number", flat=True)
        drawn |= fresh.difference(map(str, taken))
    return sorted(drawn)


def _number() -> str:
    return f"{''.join(choices(LETTERS, k=3))}-{randrange(1_000_000):06}"  # noqa: S311  # no secret


def invented(
    household: Household, support: Support, numbers: list[str]
) -> tuple[list[Ticket], list[TicketMessage]]:
    """Make up the tickets of a few accounts, each with its messages."""
    draw, free = Random(numbers[0]), iter(numbers)  # noqa: S311  # no secret
    tickets: list[Ticket] = []
    messages: list[TicketMessage] = []
    for n, account in enumerate(household.accounts):
        owner, colleague = household.users[2 * n : 2 * n + 2]
        customers = [
            Voice(owner, None, Relationship.OWNER),
            Voice(colleague, None, Relationship.AUTHORIZED_USER),
        ]
        for _ in range(2 * TICKETS_A_USER):
            voices = list(_turns(customers, support, draw))
            ticket = _ticket(account, support, voices, draw)
            ticket.number = next(free)
            tickets.append(ticket)
            messages += _said(ticket, voices, draw)
    return tickets, messages


def _turns(customers: list[Voice], support: Support, draw: Random) -> Iterator[Voice]:
    """Let a customer begin, staff and customers take turns, and anybody have the last word."""
    for turn in range(MESSAGES_A_TICKET - 1):
        yield draw.choice(support.voices if turn % 2 else customers)
    yield draw.choice(customers + support.voices)


def _ticket(account: Account, support: Support, voices: list[Voice], draw: Random) -> Ticket:
    opener, last = voices[0], voices[-1]
    age = clock.now() - account.created_at
    opened = account.created_at + timedelta(seconds=draw.randrange(int(age.total_seconds() * 0.9)))
    replied = opened + (MESSAGES_A_TICKET - 1) * timedelta(minutes=draw.randrange(10, 600))
    waits = TicketStatus.ANSWERED if last.operator else TicketStatus.CUSTOMER_REPLY
    return Ticket(
        id=key.mint("tkt"),
        account_id=account.id,
        department_id=support.department_id,
        opener_id=opener.user.id,
        opener_name=opener.user.display_name,
        opener_email=opener.user.email,
        opener_relationship=opener.badge,
        subject=draw.choice(TOPICS),
        status=draw.choice((TicketStatus.CLOSED, TicketStatus.CLOSED, TicketStatus.OPEN, waits)),
        priority=draw.choice(list(TicketPriority)),
        created_at=opened,
        updated_at=replied,
        last_reply_at=replied,
    )


def _said(ticket: Ticket, voices: list[Voice], draw: Random) -> Iterator[TicketMessage]:
    pause = (ticket.updated_at - ticket.created_at) / (MESSAGES_A_TICKET - 1)
    for turn, voice in enumerate(voices):
        yield _message(ticket, voice, ticket.created_at + turn * pause, draw)


def _message(ticket: Ticket, voice: Voice, at: datetime, draw: Random) -> TicketMessage:
    staff = voice.operator
    return TicketMessage(
        id=key.mint("msg"),
        ticket_id=ticket.id,
        account_id=ticket.account_id,
        author_kind=ActorKind.OPERATOR if staff else ActorKind.USER,
        author_id=None if staff else voice.user.id,
        operator_id=staff and staff.id,
        author_name=voice.user.display_name,
        author_email=voice.user.email,
        relationship=voice.badge,
        body=draw.choice(ANSWERED if staff else ASKED),
        via=Channel.OPERATOR if staff else Channel.WEB,
        created_at=at,
    )
