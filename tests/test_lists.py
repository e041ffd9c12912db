"""Lists: in every order, forwards and back, each row once; and what is mine over all accounts."""

from typing import Any

import pytest
from tortoise.transactions import in_transaction

from app.kit import clock
from app.main import Application
from models import Account, Invite, Membership
from models.key import mint
from tests.stage import (
    DEPARTMENTS,
    INVITE,
    OPEN_TICKET,
    Person,
    account_of,
    join,
    wait_a_minute,
)

ACCOUNTS = """query ($order: AccountOrder, $filter: AccountFilter,
  $first: Int, $after: String, $last: Int, $before: String) {
  accounts(orderBy: $order, filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    totalCount edges { cursor node { id name } membership { isOwner } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
INVITES = """query ($id: ID!, $filter: InviteFilter, $first: Int, $after: String, $last: Int, $before: String) {
  account(id: $id) { invites(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
    totalCount edges { cursor node { id email } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }"""
MINE = """{ me { memberships { totalCount nodes { account { name } permissions permissionDetails { label } } }
  tickets { totalCount nodes { subject account { name } } } activeAccount { name } } }"""


async def walk(person: Person, query: str, *, back: bool = False, **given: object) -> list[str]:
    """Walk a list by sevens, from the front or from the end; the ids in the list's order."""
    seen: list[str] = []
    place: str | None = None
    size, way = ("last", "before") if back else ("first", "after")
    while True:
        data: Any = await person.asks(query, **given, **{size: 7, way: place})
        page = next(iter(data.values()))
        page = page.get("invites", page)
        ids = [edge["node"]["id"] for edge in page["edges"]]
        seen = [*ids, *seen] if back else [*seen, *ids]
        info = page["pageInfo"]
        assert info["hasNextPage" if back else "hasPreviousPage"] is (place is not None)
        if not info["hasPreviousPage" if back else "hasNextPage"]:
            assert page["totalCount"] == len(seen)
            return seen
        place = info["startCursor" if back else "endCursor"]


async def accounts_named_alike(owner: Person, number: int) -> None:
    """Make accounts in one moment, under one name."""
    now, ids = clock.now(), [mint("acc") for _ in range(number)]
    same = {"name": "Same", "name_key": "same", "email": "x@x.example", "created_at": now}
    here = {"granted": frozenset(), "joined_at": now, "last_active_at": now}
    async with in_transaction():
        await Account.bulk_create(Account(id=id, owner_id=owner.id, **same) for id in ids)
        await Membership.bulk_create(
            Membership(account_id=id, user_id=owner.id, **here) for id in ids
        )


@pytest.mark.parametrize("field", ["NAME", "CREATED_AT", "LAST_USED_AT"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
async def test_accounts_of_one_name_are_walked_once_each_way(
    ann: Person, field: str, direction: str
) -> None:
    await accounts_named_alike(ann, 16)
    order = {"field": field, "direction": direction}

    forward = await walk(ann, ACCOUNTS, order=order)

    assert len(set(forward)) == len(forward) == 16
    assert await walk(ann, ACCOUNTS, back=True, order=order) == forward


async def test_invites_of_one_moment_are_walked_once_each_way(ann: Person, acme: str) -> None:
    await ann.does(INVITE, email="first@x.example", permissions=["TICKETS"])
    row = await Invite.get()
    await Invite.bulk_create(
        Invite(
            account_id=acme,
            email=f"{i}@x.example",
            email_key=f"{i}@x.example",
            locale="en",
            granted=row.granted,
            secret_digest=str(i),
            inviter_name="Ann",
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
        for i in range(49)
    )

    forward = await walk(ann, INVITES, id=acme)

    assert len(set(forward)) == len(forward) == 50
    assert await walk(ann, INVITES, back=True, id=acme) == forward
    found = (await ann.asks(INVITES, id=acme, filter={"search": "first@"}))["account"]["invites"]
    assert [edge["node"]["email"] for edge in found["edges"]] == ["first@x.example"]
    none = (await ann.asks(INVITES, id=acme, filter={"status": ["EXPIRED", "ACCEPTED"]}))["account"]
    assert none["invites"]["totalCount"] == 0


async def test_accounts_are_searched_and_filtered(ann: Person) -> None:
    for name in ("Acme", "Bakery 50%", "acorn"):
        await account_of(ann, name)
    for wanted, names in (
        (None, ["Acme", "acorn", "Bakery 50%"]),
        ({"search": "AC"}, ["Acme", "acorn"]),
        ({"search": "%"}, ["Bakery 50%"]),
        ({"status": ["CLOSED"]}, []),
    ):
        found = (await ann.asks(ACCOUNTS, filter=wanted))["accounts"]["edges"]
        assert [edge["node"]["name"] for edge in found] == names
        assert all(edge["membership"]["isOwner"] for edge in found)


async def test_what_is_mine_over_all_accounts(
    ann: Person, bob: Person, acme: str, eve: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    wait_a_minute(monkeypatch)
    (evil,) = [account.id for account in await Account.filter(owner_id=eve.id)]
    await join(eve, bob, evil, "PRODUCTS")
    (general,) = (await bob.asks(DEPARTMENTS))["departments"]
    for person, account in ((bob, acme), (ann, acme), (eve, evil)):
        input = {"subject": f"By {person.name}", "body": "x", "departmentId": general["id"]}
        assert (await person.does(OPEN_TICKET, accountId=account, **input))["errors"] == []

    mine = (await bob.asks(MINE))["me"]

    assert [each["account"]["name"] for each in mine["memberships"]["nodes"]] == ["Acme", "Evil"]
    assert mine["memberships"]["nodes"][0]["permissionDetails"] == [
        {"label": "Use support tickets"}
    ]
    assert {each["subject"] for each in mine["tickets"]["nodes"]} == {"By Bob", "By Ann"}
    assert mine["tickets"]["totalCount"] == 2
    assert mine["activeAccount"] == {"name": "Evil"}


async def test_departments_tell_staff_how_much_is_open(
    ann: Person, bob: Person, sam: Person
) -> None:
    ask = "{ departments { name openTicketCount } }"
    (general,) = (await bob.asks(DEPARTMENTS))["departments"]
    await bob.does(OPEN_TICKET, subject="x", body="y", departmentId=general["id"])

    assert (await sam.asks(ask))["departments"] == [{"name": "General", "openTicketCount": 1}]
    refused = await bob.tries(ask)
    assert refused["data"]["departments"] == [{"name": "General", "openTicketCount": None}]
    assert refused["errors"][0]["extensions"]["code"] == "FORBIDDEN"


@pytest.mark.parametrize(
    "wrong",
    ["2026-11-25T09:30:00", "2026-02-30T09:30:00Z", "2026-11-25T09:30:60Z", "tomorrow", "", 7],
)
async def test_a_time_needs_its_offset_and_has_to_exist(
    ann: Person, acme: str, wrong: object
) -> None:
    input = {"email": "d@x.example", "permissions": ["TICKETS"], "membershipExpiresAt": wrong}

    answer = await ann.tries(INVITE, input=input)

    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"
    assert not await Invite.exists()


async def test_an_instant_reads_back_equal_in_utc(ann: Person, acme: str) -> None:
    ask = INVITE.replace("invite {", "invite { membershipExpiresAt")
    input = {"email": "d@x.example", "permissions": ["TICKETS"]}

    sent = await ann.does(ask, **input, membershipExpiresAt="2199-03-31T02:30:00.123456+02:00")

    assert sent["invite"]["membershipExpiresAt"] == "2199-03-31T00:30:00.123Z"


async def test_a_ticket_is_named_by_one_of_two(bob: Person) -> None:
    for query in ("{ ticket { id } }", '{ ticket(id: "x", number: "y") { id } }'):
        answer = await bob.tries(query)
        assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_an_operator_sees_every_account_and_who_they_are(
    app: Application, ann: Person, acme: str, sam: Person
) -> None:
    ask = """query ($id: ID!) { me { operator { displayName role user { displayName } } }
      account(id: $id) { name owner { displayName } viewerMembership { id } } }"""
    seen = await sam.asks(ask, id=acme)

    assert seen["me"]["operator"] == {
        "displayName": "Sam Example",
        "role": "AGENT",
        "user": {"displayName": "Sam Example"},
    }
    assert seen["account"]["owner"] == {"displayName": "Ann Example"}
    assert seen["account"]["viewerMembership"] is None
