"""What happens to a ticket, as it happens; and streams that end with the right to hear them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

import httpx2
import pytest

from app.kit import clock
from app.main import Application
from models import Account, AccountStatus, Membership, Operator
from tests.sockets import served, streaming
from tests.stage import ANSWER, DEPARTMENTS, OPEN_TICKET, REPLY, Person, join

FOLLOW = """subscription ($id: ID!, $after: String) { ticketUpdated(ticketId: $id, after: $after) { __typename
  ... on TicketMessageAdded { cursor message { body internal author { displayName } badge { relationship } } }
  ... on TicketStatusChanged { cursor previous ticket { status } }
  ... on TicketChanged { cursor change } } }"""
CLOSE = (
    """mutation ($input: CloseTicketInput!) { closeTicket(input: $input) { errors { code } } }"""
)
REVOKE = """mutation ($input: RevokeMembershipInput!) { revokeMembership(input: $input) { errors { code } } }"""


@pytest.fixture
async def where(app: Application) -> AsyncIterator[str]:
    """The application on a port."""
    async with served(app) as address:
        yield address


@pytest.fixture
async def ticket(bob: Person) -> str:
    """A ticket of Bob's for Acme."""
    (general,) = (await bob.asks(DEPARTMENTS))["departments"]
    payload = await bob.does(OPEN_TICKET, subject="x", body="Help", departmentId=general["id"])
    return payload["ticket"]["id"]  # type: ignore[no-any-return]


async def has_begun(app: Application, topic: str) -> None:
    """Wait until somebody listens: what happens before has to be asked for with `after`."""
    async with asyncio.timeout(5):
        while not app.site.hub.is_heard(topic):
            await asyncio.sleep(0.005)


async def test_both_sides_hear_what_the_other_writes(
    app: Application, where: str, ann: Person, bob: Person, acme: str, sam: Person, ticket: str
) -> None:
    async with streaming(where, ann.token, FOLLOW, id=ticket) as stream:
        await has_begun(app, acme)
        await sam.does(ANSWER, ticketId=ticket, body="Looking.")
        await bob.does(REPLY, ticketId=ticket, body="Thanks.")
        await bob.does(CLOSE, ticketId=ticket)

        first, second, third = [await stream.event() for _ in range(3)]

    assert first["message"] == {
        "body": "Looking.",
        "internal": False,
        "author": {"displayName": "Sam Example"},
        "badge": {"relationship": "OPERATOR"},
    }
    assert second["message"]["body"] == "Thanks."
    assert (third["previous"], third["ticket"]) == ("CUSTOMER_REPLY", {"status": "CLOSED"})


async def test_a_cursor_replays_what_was_missed_once(
    app: Application, where: str, ann: Person, bob: Person, acme: str, ticket: str
) -> None:
    async with streaming(where, ann.token, FOLLOW, id=ticket) as stream:
        await has_begun(app, acme)
        await bob.does(REPLY, ticketId=ticket, body="One")
        cursor = (await stream.event())["cursor"]
    for body in ("Two", "Three"):
        await bob.does(REPLY, ticketId=ticket, body=body)

    async with streaming(where, ann.token, FOLLOW, id=ticket, after=cursor) as stream:
        missed = [(await stream.event())["message"]["body"] for _ in range(2)]
        await bob.does(REPLY, ticketId=ticket, body="Four")
        then = (await stream.event())["message"]["body"]

    assert (missed, then) == (["Two", "Three"], "Four")


async def test_notes_are_heard_by_staff_only(
    app: Application, where: str, ann: Person, acme: str, sam: Person, ticket: str
) -> None:
    async with (
        streaming(where, ann.token, FOLLOW, id=ticket) as customer,
        streaming(where, sam.token, FOLLOW, id=ticket) as staff,
    ):
        await has_begun(app, acme)
        await has_begun(app, "acc_00000000000000000000000000")
        await sam.does(ANSWER, ticketId=ticket, body="Careful.", internal=True)
        await sam.does(ANSWER, ticketId=ticket, body="Hello.")

        assert (await customer.event())["message"]["body"] == "Hello."
        assert [(await staff.event())["message"]["body"] for _ in range(2)] == [
            "Careful.",
            "Hello.",
        ]


End: TypeAlias = Callable[[Person, Person, str], Awaitable[None]]


async def _removed(ann: Person, bob: Person, acme: str) -> None:
    member = await Membership.get(user_id=bob.id, account_id=acme)
    await ann.does(REVOKE, membershipId=member.id)


async def _signed_out(ann: Person, bob: Person, acme: str) -> None:
    await bob.asks("mutation { logout { errors { code } } }")


async def _narrowed(ann: Person, bob: Person, acme: str) -> None:
    update = "mutation ($input: UpdateMembershipInput!) { updateMembership(input: $input) { errors { code } } }"
    member = await Membership.get(user_id=bob.id, account_id=acme)
    await ann.does(update, membershipId=member.id, permissions=["PRODUCTS"])


@pytest.mark.parametrize("end", [_removed, _signed_out, _narrowed])
async def test_a_stream_ends_with_the_right_to_it(
    app: Application, where: str, ann: Person, bob: Person, acme: str, ticket: str, end: End
) -> None:
    async with streaming(where, bob.token, FOLLOW, id=ticket) as stream:
        await has_begun(app, acme)
        await end(ann, bob, acme)

        assert await stream.ends_with() == "ACCESS_REVOKED"


async def test_who_is_staff_no_more_hears_nothing_more(
    app: Application, where: str, ann: Person, acme: str, sam: Person, ticket: str
) -> None:
    await join(ann, sam, acme, "TICKETS")
    async with streaming(where, sam.token, FOLLOW, id=ticket) as stream:
        await has_begun(app, acme)
        await Operator.filter(user_id=sam.id).delete()
        await ann.does(REPLY, ticketId=ticket, body="Thanks.")

        assert await stream.ends_with() == "ACCESS_REVOKED"


async def test_an_end_date_ends_a_stream_without_an_event(
    app: Application, where: str, bob: Person, acme: str, ticket: str
) -> None:
    soon = clock.now() + timedelta(seconds=1)
    await Membership.filter(user_id=bob.id).update(expires_at=soon)
    async with streaming(where, bob.token, FOLLOW, id=ticket) as stream:
        assert await stream.ends_with() == "ACCESS_REVOKED"
    assert clock.now() >= soon


async def test_a_closed_account_says_so_at_the_start(
    where: str, bob: Person, acme: str, ticket: str
) -> None:
    await Account.filter(id=acme).update(status=AccountStatus.CLOSED)
    async with streaming(where, bob.token, FOLLOW, id=ticket) as stream:
        assert await stream.ends_with() == "ACCOUNT_CLOSED"


async def test_strangers_and_bad_cursors_are_refused_at_the_start(
    where: str, ann: Person, eve: Person, ticket: str
) -> None:
    for token, after, code in (
        (eve.token, None, "NOT_FOUND"),
        (None, None, "UNAUTHENTICATED"),
        ("wrong", None, "UNAUTHENTICATED"),
        (ann.token, "nonsense", "INVALID_INPUT"),
    ):
        async with streaming(where, token, FOLLOW, id=ticket, after=after) as stream:
            assert await stream.ends_with() == code


async def test_the_same_over_server_sent_events(
    app: Application, where: str, ann: Person, bob: Person, acme: str, ticket: str
) -> None:
    headers = {"authorization": f"Bearer {ann.token}", "accept": "text/event-stream"}
    body = {"query": FOLLOW, "variables": {"id": ticket}}
    async with (
        httpx2.AsyncClient(base_url=f"http://{where}") as client,
        client.stream("POST", "/graphql", json=body, headers=headers) as response,
    ):
        assert response.headers["content-type"].startswith("text/event-stream")
        await has_begun(app, acme)
        await bob.does(REPLY, ticketId=ticket, body="Over HTTP")
        lines = response.aiter_lines()
        told = [line async for line in firsts(lines, "data:")]
    assert '"body":"Over HTTP"' in told[0]


async def firsts(lines: AsyncIterator[str], start: str) -> AsyncIterator[str]:
    """Read on to the first line that starts so."""
    async for line in lines:
        if line.startswith(start):
            yield line
            return
