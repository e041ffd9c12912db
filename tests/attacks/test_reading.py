"""What somebody learns who has read the source: each of these worked once, or could have."""

from datetime import timedelta, timezone

import pytest

from app.kit import clock
from app.main import Application
from models import Session, Ticket, User
from tests.attacks.attempts import code_of, forged, opened
from tests.recovering import enrol, settled
from tests.sockets import served, streaming
from tests.stage import (
    ACCEPT,
    ANSWER,
    DEPARTMENTS,
    INVITE,
    OPEN_TICKET,
    Person,
    account_of,
    link_in,
    register,
)

BY_ADDRESS = """query ($account: ID!, $ip: String) { account(id: $account) {
  auditEvents(filter: {ip: $ip}) { nodes { actor { __typename } } } } }"""
SWITCH = """mutation ($input: SwitchAccountInput!) { switchAccount(input: $input) { errors { code } } }"""
FOLLOW = """subscription ($id: ID!, $after: String) { ticketUpdated(ticketId: $id, after: $after) {
  ... on TicketMessageAdded { cursor } } }"""
KEY = "01h455vb4pex5vsknk084sn02q"


@pytest.mark.parametrize("named", ["nonsense", "acc_zz", f"usr_{KEY}", f"ACC_{KEY}".upper()])
async def test_a_name_that_is_no_id_does_not_become_the_only_account(
    ann: Person, acme: str, named: str
) -> None:
    (general,) = (await ann.asks(DEPARTMENTS))["departments"]
    tab = ann.at(named)

    assert await code_of(tab, "{ account { id } }") == "NOT_A_MEMBER"
    input = {"subject": "x", "body": "y", "departmentId": general["id"]}
    refused = await tab.does(OPEN_TICKET, **input)
    assert [error["code"] for error in refused["errors"]] == ["NOT_A_MEMBER"]
    assert await Ticket.all().count() == 0


@pytest.mark.parametrize(
    ("list", "cursor"),
    [
        ("accounts(orderBy: {field: NAME}", forged("accounts account__name_key", "a", "no key")),
        (
            "accounts(orderBy: {field: NAME}",
            forged("accounts account__name_key", "a", f"acc_{KEY}"),
        ),
        (
            "accounts(orderBy: {field: NAME}",
            forged("accounts account__name_key", "\0", f"mem_{KEY}"),
        ),
        (
            "accounts(orderBy: {field: NAME}",
            forged("accounts account__name_key", "a" * 401, f"mem_{KEY}"),
        ),
        (
            "tickets(orderBy: {field: CREATED_AT}",
            forged("tickets created_at desc", "0001-01-01T00:00:00+14:00", f"tkt_{KEY}"),
        ),
        ("tickets(orderBy: {field: PRIORITY}", forged("tickets priority desc", 4, f"tkt_{KEY}")),
        (
            "tickets(orderBy: {field: PRIORITY}",
            forged("tickets priority desc", 2**63, f"tkt_{KEY}"),
        ),
        ("tickets(orderBy: {field: PRIORITY}", forged("tickets priority desc", "1", f"tkt_{KEY}")),
    ],
)
async def test_a_forged_cursor_is_no_cursor(ann: Person, acme: str, list: str, cursor: str) -> None:
    ask = f"query ($after: String) {{ {list}, after: $after) {{ nodes {{ id }} }} }}"

    assert await code_of(ann, ask, after=cursor) == "INVALID_INPUT"


@pytest.mark.parametrize(
    "query",
    [
        '{ tickets(filter: {updatedSince: "0001-01-01T00:00:00+14:00"}) { nodes { id } } }',
        '{ me { auditEvents(filter: {until: "9999-12-31T23:59:59-14:00"}) { nodes { id } } } }',
        '{ me { auditEvents(filter: {ip: "10.0.0"}) { nodes { id } } } }',
        '{ me { auditEvents(filter: {actorId: "x"}) { nodes { id } } } }',
        '{ me { auditEvents(filter: {targetId: "\\",\\"type"}) { nodes { id } } } }',
        f'{{ tickets(filter: {{search: "{"a" * 201}"}}) {{ nodes {{ id }} }} }}',
        f'{{ accounts(filter: {{search: "{"a" * 60_000}"}}) {{ nodes {{ id }} }} }}',
        f'{{ account {{ members(filter: {{search: "{"a" * 60_000}"}}) {{ nodes {{ id }} }} }} }}',
        f'{{ account {{ invites(filter: {{search: "{"a" * 60_000}"}}) {{ nodes {{ id }} }} }} }}',
    ],
)
async def test_what_no_row_can_hold_is_not_looked_for(ann: Person, acme: str, query: str) -> None:
    assert await code_of(ann, query) == "INVALID_INPUT"


async def test_a_number_that_is_too_long_is_no_tickets(ann: Person, acme: str) -> None:
    assert (await ann.asks(f'{{ ticket(number: "{"A" * 60_000}") {{ id }} }}'))["ticket"] is None


@pytest.mark.parametrize("hours", [-11, 0, 14])
async def test_an_instant_means_the_same_with_every_offset(
    ann: Person, acme: str, hours: int
) -> None:
    ask = "query ($at: DateTime) { tickets(filter: {updatedSince: $at}) { totalCount } }"
    await opened(ann)
    now = clock.now().astimezone(timezone(timedelta(hours=hours)))
    minute = timedelta(minutes=1)

    counts = [
        (await ann.asks(ask, at=at.isoformat()))["tickets"]["totalCount"]
        for at in (now - minute, now + minute)
    ]
    assert counts == [1, 0]


async def test_customers_do_not_find_out_where_staff_are(
    ann: Person, acme: str, sam: Person, ada: Person
) -> None:
    await sam.does(ANSWER, ticketId=await opened(ann), body="Looking.")
    local = {"account": acme, "ip": "127.0.0.1"}

    seen = (await ann.asks(BY_ADDRESS, **local))["account"]["auditEvents"]["nodes"]
    told = (await ada.asks(BY_ADDRESS, **local))["account"]["auditEvents"]["nodes"]

    assert {event["actor"]["__typename"] for event in seen} == {"User"}
    assert {event["actor"]["__typename"] for event in told} == {"User", "Operator"}


async def test_a_cursor_of_a_stream_does_not_count_notes(
    app: Application, ann: Person, acme: str, sam: Person
) -> None:
    ticket = await opened(ann)
    start = forged("stream", 0, 7)
    places = []
    async with served(app) as where:
        for _ in range(2):
            async with streaming(where, ann.token, FOLLOW, id=ticket, after=start) as stream:
                places.append((await stream.event())["cursor"])
            await sam.does(ANSWER, ticketId=ticket, body="Careful.", internal=True)

    assert places == [forged("stream", 2, 0)] * 2


async def test_a_session_that_is_over_hears_nothing_more(
    app: Application, ann: Person, acme: str
) -> None:
    ticket = await opened(ann)
    await Session.all().update(expires_at=clock.now() + timedelta(seconds=2))
    async with served(app) as where, streaming(where, ann.token, FOLLOW, id=ticket) as stream:
        assert await stream.ends_with() == "ACCESS_REVOKED"


async def test_an_invite_that_another_has_taken_is_nobodys_to_look_up(
    app: Application, ann: Person, acme: str, eve: Person
) -> None:
    ask = "query ($id: ID!) { node(id: $id) { ... on Invite { acceptedBy { displayName } } } }"
    vic = await register(app, "Vic")
    await User.filter(id=vic.id).update(email_verified_at=clock.now())
    sent = await ann.does(INVITE, email=vic.email, permissions=["TICKETS"])
    id = sent["invite"]["id"]
    assert (await vic.asks(ask, id=id))["node"] == {"acceptedBy": None}

    token = await link_in(vic.email, "invite")
    assert (await eve.does(ACCEPT, token=token, confirmDifferentEmail=True))["errors"] == []

    assert (await vic.asks(ask, id=id))["node"] is None
    assert (await ann.asks(ask, id=id))["node"] == {"acceptedBy": {"displayName": "Eve Example"}}


async def test_a_session_that_owes_a_factor_sees_no_account(app: Application) -> None:
    ask = "{ me { id } session { status defaultAccount { members { nodes { email } } } } }"
    kim = await settled(app, "Kim")
    await kim.does(SWITCH, accountId=await account_of(kim, "Kimono"))
    await enrol(kim)
    await Session.all().update(two_factor_verified_at=None)

    session = {"status": "PENDING", "defaultAccount": None}
    assert await kim.asks(ask) == {"me": None, "session": session}
