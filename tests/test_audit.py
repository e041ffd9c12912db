"""The log: whole, sealed, append-only, and read by who may."""

import pytest
from tortoise import connections
from tortoise.exceptions import BaseORMException
from tortoise.transactions import in_transaction

from app.domain import audit
from app.main import Application
from models import NO_ACCOUNT, AuditEvent, AuditHead
from tests.stage import INVITE, Person, join, register

LOG = """query ($id: ID!, $filter: AuditFilter, $first: Int, $after: String) { account(id: $id) {
  auditEvents(filter: $filter, first: $first, after: $after) { totalCount pageInfo { hasNextPage endCursor }
  nodes { sequence action summary outcome permissionUsed via sessionHint ip userAgent device { label }
  actor { __typename displayName } actorBadge { relationship current } targets { type label targetId }
  changes { field before after } hash requestId } } } }"""


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_events SET actor_name = 'x'", "DELETE FROM audit_events"]
)
async def test_nothing_changes_or_deletes_an_event(ann: Person, acme: str, statement: str) -> None:
    rows = await AuditEvent.all().order_by("id").values()

    with pytest.raises(BaseORMException):
        async with in_transaction():
            await connections.get("default").execute_query(statement)

    assert await AuditEvent.all().order_by("id").values() == rows


async def test_a_chain_tells_where_it_was_tampered_with(ann: Person, acme: str) -> None:
    await ann.does(INVITE, email="dora@x.example", permissions=["TICKETS"])
    assert await audit.first_broken(acme) is None
    assert await audit.first_broken(NO_ACCOUNT) is None
    second = await AuditEvent.get(chain=acme, sequence=2)

    forged = await AuditEvent.get(chain=acme, sequence=2)
    forged.actor_name = "Somebody else"
    assert audit.seal(forged, "0" * 64) != second.hash
    first = await AuditEvent.get(chain=acme, sequence=1)
    assert audit.seal(second, first.hash) == second.hash
    head = await AuditHead.get(chain=acme)
    assert (head.sequence, head.hash) == (2, second.hash)


async def test_the_owner_reads_who_did_what_by_which_right(
    ann: Person, acme: str, ada: Person
) -> None:
    await ann.does(INVITE, email="dora@x.example", permissions=["TICKETS"])
    await ada.does(INVITE, accountId=acme, email="eli@x.example", permissions=["TICKETS"])

    events = (await ann.asks(LOG, id=acme))["account"]["auditEvents"]["nodes"]

    assert [event["sequence"] for event in events] == [3, 2, 1]
    by_staff, by_owner, _ = events
    assert by_owner["summary"] == "Ann Example invited dora@x.example"
    assert by_owner["actorBadge"] == {"relationship": "OWNER", "current": "OWNER"}
    assert (by_owner["permissionUsed"], by_owner["via"]) == ("MANAGE_USERS", "WEB")
    assert by_owner["device"] is not None
    assert by_owner["ip"] == "127.0.0.1"
    assert by_staff["actor"] == {"__typename": "Operator", "displayName": "Ada Example"}
    assert (by_staff["ip"], by_staff["userAgent"], by_staff["device"]) == (None, None, None)
    assert by_staff["permissionUsed"] is None
    seen = (await ada.asks(LOG, id=acme))["account"]["auditEvents"]["nodes"][0]
    assert seen["ip"] == "127.0.0.1"
    assert len({event["sessionHint"] for event in events}) == 2


async def test_the_log_is_filtered_and_paged(ann: Person, acme: str) -> None:
    for name in ("a", "b", "c"):
        await ann.does(INVITE, email=f"{name}@x.example", permissions=["TICKETS"])
    for wanted, number in (
        ({"actions": ["INVITE_SENT"]}, 3),
        ({"actorId": ann.id}, 4),
        ({"search": "b@x"}, 1),
        ({"targetId": acme}, 1),
        ({"outcome": ["DENIED"]}, 0),
        ({"ip": "127.0.0.1"}, 4),
        ({"since": "2001-01-01T00:00:00Z", "until": "2002-01-01T00:00:00Z"}, 0),
    ):
        found = (await ann.asks(LOG, id=acme, filter=wanted))["account"]["auditEvents"]
        assert (found["totalCount"], len(found["nodes"])) == (number, number)
    page = (await ann.asks(LOG, id=acme, first=2))["account"]["auditEvents"]
    rest = await ann.asks(LOG, id=acme, first=2, after=page["pageInfo"]["endCursor"])
    sequences = [event["sequence"] for event in page["nodes"]]
    assert sequences + [event["sequence"] for event in rest["account"]["auditEvents"]["nodes"]] == [
        4,
        3,
        2,
        1,
    ]


async def test_the_log_is_for_who_may_view_it(
    app: Application, ann: Person, bob: Person, acme: str, sam: Person, eve: Person
) -> None:
    vera = await register(app, "Vera")
    await join(ann, vera, acme, "VIEW_AUDIT_LOG")

    assert (await vera.asks(LOG, id=acme))["account"]["auditEvents"]["totalCount"] > 0
    for person, code in ((bob, "FORBIDDEN"), (sam, "NOT_A_MEMBER")):
        answer = await person.tries(LOG, id=acme)
        assert answer["errors"][0]["extensions"]["code"] == code
    assert (await eve.asks(LOG, id=acme))["account"] is None


async def test_denied_attempts_are_noted_and_not_without_end(
    ann: Person, bob: Person, acme: str, eve: Person
) -> None:
    for _ in range(25):
        await bob.does(INVITE, email="dora@x.example", permissions=["TICKETS"])
    await eve.does(INVITE, accountId=acme, email="dora@x.example", permissions=["TICKETS"])

    events = (await ann.asks(LOG, id=acme, filter={"outcome": ["DENIED"]}))["account"][
        "auditEvents"
    ]
    assert events["totalCount"] == 20
    assert {event["actor"]["displayName"] for event in events["nodes"]} == {"Bob Example"}
    assert await audit.first_broken(acme) is None
