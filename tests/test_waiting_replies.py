"""A reply that waited for its account is judged by what is so when it gets its turn, not when it came."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import copy_context

import pytest
from tortoise.transactions import in_transaction

from app.database import statements
from models import (
    Account,
    AccountStatus,
    AuditHead,
    Membership,
    MembershipStatus,
    Session,
    SessionStatus,
    Ticket,
    TicketMessage,
)
from tests.conftest import KIND
from tests.stage import REPLY, Person
from tests.test_tickets import codes, opened_by

WAITING = """SELECT count(*) FROM pg_stat_activity
WHERE wait_event_type = 'Lock' AND datname = current_database()"""
PATIENCE_SECONDS = 5.0

CHANGES: dict[str, tuple[Callable[[Person, str], Awaitable[object]], list[str]]] = {
    "nothing": (lambda _bob, _acme: asyncio.sleep(0), []),
    "the membership is suspended": (
        lambda bob, acme: Membership.filter(user_id=bob.id, account_id=acme).update(
            status=MembershipStatus.SUSPENDED
        ),
        ["NOT_FOUND"],
    ),
    "the permission is taken back": (
        lambda bob, acme: Membership.filter(user_id=bob.id, account_id=acme).update(
            granted=frozenset()
        ),
        ["FORBIDDEN"],
    ),
    "the session is ended": (
        lambda bob, _acme: Session.filter(user_id=bob.id).update(status=SessionStatus.REVOKED),
        ["UNAUTHENTICATED"],
    ),
    "the account is closed": (
        lambda _bob, acme: Account.filter(id=acme).update(status=AccountStatus.CLOSED),
        ["ACCOUNT_CLOSED"],
    ),
    "the ticket is locked": (
        lambda _bob, acme: Ticket.filter(account_id=acme).update(is_locked=True),
        ["TICKET_LOCKED"],
    ),
}


async def is_waiting() -> None:
    """Wait until the reply does; SQLite keeps it waiting from its first word, and has no way to tell."""
    if KIND == "sqlite":
        await asyncio.sleep(0.1)
        return
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (await statements.select(WAITING))[0][0]:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("what", CHANGES)
async def test_what_changes_while_a_reply_waits_counts(bob: Person, acme: str, what: str) -> None:
    change, expected = CHANGES[what]
    ticket = await opened_by(bob)
    await bob.asks("{ me { id } }")

    outside = copy_context()

    async with in_transaction():
        head = await AuditHead.select_for_update().get(chain=acme)
        await AuditHead.filter(chain=acme).update(sequence=head.sequence)
        reply = asyncio.create_task(
            codes(bob, REPLY, ticketId=ticket, body="Late?"), context=outside
        )
        await asyncio.create_task(is_waiting(), context=outside.copy())
        await change(bob, acme)

    assert await reply == expected
    assert await TicketMessage.filter(ticket_id=ticket).count() == (1 if expected else 2)
