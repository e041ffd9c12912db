"""What is done to a ticket: found, allowed and done under one lock, by whoever asks as they are now."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import copy_context

import pytest
from tortoise.transactions import in_transaction

from app.domain import access
from app.domain.desks import Errand
from models import AuditAction, AuditEvent, AuditHead, AuditOutcome, TicketMessage, User
from resolvers import ticket_mutations
from resolvers.context import Info
from tests.conftest import KIND
from tests.counting import counted
from tests.stage import REPLY, Person, account_of
from tests.test_recent import (
    closes_the_account,
    ends_the_session,
    removes_the_member,
    suspends_the_member,
    withdraws_the_permission,
)
from tests.test_tickets import codes, opened_by
from tests.test_waiting_replies import PATIENCE_SECONDS

CLOSE = "mutation ($input: CloseTicketInput!) { closeTicket(input: $input) { %s errors { code } } }"
NARROW = "ticket { id number subject status priority isLocked createdAt lastReplyAt account { id name status } }"
WIDE = """ticket { id status createdAt department { id name } opener { id displayName } assignedTo { id }
  openerBadge { relationship current } account { id owner { id displayName } viewerMembership { id isOwner } }
  messages { nodes { body author { displayName } } } }"""
REFERRING = """ticket { department { id } opener { id } assignedTo { id }
  openerBadge { relationship current } }"""
SAYS = """mutation ($input: ReplyToTicketInput!) { replyToTicket(input: $input) {
  message { author { displayName } } errors { code } } }"""
# Lock and read, who is told, write. On SQLite the rows one by one; and before, where nobody waits for it, the ticket,
# who asks, for the reply before has ended the generation, and the ticket again.
STATEMENTS = {"postgres": 3, "sqlite": 9}

LOST = [
    (ends_the_session, "UNAUTHENTICATED"),
    (suspends_the_member, "NOT_FOUND"),
    (removes_the_member, "NOT_FOUND"),
    (withdraws_the_permission, "FORBIDDEN"),
    (closes_the_account, "ACCOUNT_CLOSED"),
]


@pytest.mark.parametrize(("change", "code"), LOST)
async def test_nobody_replies_as_who_they_were(
    bob: Person, acme: str, change: Callable[[Person, str], Awaitable[None]], code: str
) -> None:
    ticket = await opened_by(bob)
    assert await codes(bob, REPLY, ticketId=ticket, body="One.") == []

    await change(bob, acme)

    assert await codes(bob, REPLY, ticketId=ticket, body="Two?") == [code]
    assert await TicketMessage.filter(ticket_id=ticket).count() == 2


async def test_a_reply_that_is_not_allowed_is_noted_with_the_account(
    bob: Person, acme: str
) -> None:
    ticket = await opened_by(bob)
    await withdraws_the_permission(bob, acme)

    assert await codes(bob, REPLY, ticketId=ticket, body="May I?") == ["FORBIDDEN"]

    noted = await AuditEvent.get(outcome=AuditOutcome.DENIED)
    assert (noted.chain, noted.action) == (acme, AuditAction.TICKET_REPLIED)
    assert await TicketMessage.filter(ticket_id=ticket).count() == 1


async def test_whoever_has_a_new_name_writes_by_it_and_only_once(bob: Person) -> None:
    ticket = await opened_by(bob)
    assert await codes(bob, REPLY, ticketId=ticket, body="One.") == []

    await User.filter(id=bob.id).update(first_name="Robert")
    said = await bob.does(SAYS, ticketId=ticket, body="Two.")

    assert said["message"]["author"]["displayName"] == "Robert Example"
    assert await TicketMessage.filter(ticket_id=ticket).count() == 3


async def test_a_reply_is_found_and_allowed_where_it_is_locked(bob: Person) -> None:
    ticket = await opened_by(bob)
    assert await codes(bob, REPLY, ticketId=ticket, body="One.") == []

    with counted() as asked:
        assert await codes(bob, REPLY, ticketId=ticket, body="Two.") == []

    assert len(asked) == STATEMENTS[KIND]


@pytest.mark.parametrize("shown", [NARROW, WIDE])
async def test_a_ticket_is_shown_after_an_act_as_it_is_asked_for_later(
    ann: Person, bob: Person, sam: Person, shown: str
) -> None:
    ticket = await opened_by(bob)

    for who in (bob, ann, sam):
        told = await who.does(CLOSE % shown, ticketId=ticket)
        later = await who.asks(
            f"query ($id: ID!) {{ {shown.replace('ticket', 'ticket(id: $id)', 1)} }}", id=ticket
        )

        assert told == {**later, "errors": []}


async def test_a_ticket_that_is_not_ones_own_does_not_exist(
    ann: Person, bob: Person, eve: Person
) -> None:
    ticket = await opened_by(bob)
    await account_of(eve, "Other")
    assert await codes(eve, REPLY, ticketId=ticket, body="Hello?") == ["NOT_FOUND"]

    for typed in (ticket[:-1] + "x", "nonsense", ""):
        assert await codes(ann, REPLY, ticketId=typed, body="Hello?") == ["NOT_FOUND"]
    assert await TicketMessage.filter(ticket_id=ticket).count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (suspends_the_member, "NOT_FOUND"),
        (removes_the_member, "NOT_FOUND"),
        (closes_the_account, "ACCOUNT_CLOSED"),
    ],
)
async def test_who_may_do_nothing_waits_for_nobody(
    bob: Person, acme: str, change: Callable[[Person, str], Awaitable[None]], code: str
) -> None:
    ticket = await opened_by(bob)
    await change(bob, acme)
    outside = copy_context()

    async with in_transaction():
        head = await AuditHead.select_for_update().get(chain=acme)
        await AuditHead.filter(chain=acme).update(sequence=head.sequence)
        reply = codes(bob, REPLY, ticketId=ticket, body="Me?")
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await asyncio.create_task(reply, context=outside) == [code]


@pytest.mark.parametrize("shown", [NARROW, REFERRING])
async def test_nothing_is_read_once_an_act_is_done(bob: Person, shown: str) -> None:
    ticket = await opened_by(bob)

    with counted() as asked:
        assert (await bob.does(CLOSE % shown, ticketId=ticket))["errors"] == []

    assert 'UPDATE "audit_heads"' in asked[-1]


async def test_an_errand_under_another_rule_than_the_field_declares_is_a_defect(
    bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = await opened_by(bob)

    def come(info: Info, ticket_id: str, _rule: access.Rule) -> Errand:
        return Errand(info.context.viewer, ticket_id, access.MEMBER)

    monkeypatch.setattr(ticket_mutations, "come", come)

    answer = await bob.tries(REPLY, input={"ticketId": ticket, "body": "Hello?"})
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INTERNAL"]
    assert await TicketMessage.filter(ticket_id=ticket).count() == 1
