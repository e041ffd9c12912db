"""Who works in an account, and what happens when that ends."""

import asyncio
from datetime import timedelta

from app.kit import clock
from app.main import Application
from models import (
    Account,
    AccountStatus,
    AuditEvent,
    Invite,
    InviteStatus,
    Membership,
    TicketMessage,
)
from tests.stage import (
    DEPARTMENTS,
    INVITE,
    OPEN_TICKET,
    REPLY,
    Person,
    account_of,
    join,
    register,
    sign_in,
)

UPDATE = """mutation ($input: UpdateMembershipInput!) { updateMembership(input: $input) {
  membership { permissions status expiresAt version }
  errors { code path ... on PermissionError { requires } ... on StaleVersionError { currentVersion } } } }"""
REVOKE = """mutation ($input: RevokeMembershipInput!) { revokeMembership(input: $input) {
  membership { status endedAt } errors { code } } }"""
SWITCH = """mutation ($input: SwitchAccountInput!) { switchAccount(input: $input) {
  account { id } errors { code path } } }"""
MEMBERS = """query ($id: ID!, $filter: MembershipFilter) { account(id: $id) { members(filter: $filter) {
  totalCount nodes { id user { displayName } isOwner permissions status invitedBy { displayName } } } } }"""
TICKETS = "query ($id: ID) { tickets(accountId: $id) { nodes { id } } }"
CONTEXT = "{ accountContext { source account { name } denial { code } } }"


async def membership_of(person: Person, account_id: str) -> str:
    """Find somebody's membership."""
    membership = await Membership.get(user_id=person.id, account_id=account_id)
    return str(membership.id)


async def codes(person: Person, mutation: str, **input: object) -> list[str]:
    """Send a mutation, and return the codes of its errors."""
    return [error["code"] for error in (await person.does(mutation, **input))["errors"]]


async def test_the_owner_lists_and_filters_members(ann: Person, bob: Person, acme: str) -> None:
    listed = (await ann.asks(MEMBERS, id=acme))["account"]["members"]
    assert listed["totalCount"] == 2
    assert [(each["user"]["displayName"], each["isOwner"]) for each in listed["nodes"]] == [
        ("Ann Example", True),
        ("Bob Example", False),
    ]
    assert listed["nodes"][1]["permissions"] == ["TICKETS"]
    assert listed["nodes"][1]["invitedBy"] == {"displayName": "Ann Example"}

    for wanted, names in (
        ({"search": "bob@"}, ["Bob Example"]),
        ({"permission": "TICKETS"}, ["Ann Example", "Bob Example"]),
        ({"permission": "INVOICES"}, ["Ann Example"]),
        ({"status": ["ENDED"]}, []),
    ):
        found = (await ann.asks(MEMBERS, id=acme, filter=wanted))["account"]["members"]["nodes"]
        assert [each["user"]["displayName"] for each in found] == names


async def test_a_set_is_replaced_whole(ann: Person, bob: Person, acme: str) -> None:
    id = await membership_of(bob, acme)
    until = (clock.now() + timedelta(days=2)).isoformat()

    first = await ann.does(
        UPDATE, membershipId=id, permissions=["PRODUCTS", "PROFILE"], expiresAt=until
    )
    second = await ann.does(UPDATE, membershipId=id, expiresAt=None)

    assert first["membership"]["permissions"] == ["PROFILE", "PRODUCTS"]
    assert first["membership"]["expiresAt"] is not None
    assert second["membership"]["expiresAt"] is None
    assert second["membership"]["permissions"] == ["PROFILE", "PRODUCTS"]
    assert second["membership"]["version"] == 3
    assert await codes(ann, UPDATE, membershipId=id, permissions=[]) == ["INVALID_INPUT"]


async def test_a_stale_edit_is_refused(ann: Person, bob: Person, acme: str) -> None:
    id = await membership_of(bob, acme)
    await ann.does(UPDATE, membershipId=id, permissions=["PRODUCTS"], ifVersion=1)

    answer = await ann.does(UPDATE, membershipId=id, permissions=["TICKETS"], ifVersion=1)

    assert answer["errors"] == [
        {"code": "STALE_VERSION", "path": ["ifVersion"], "currentVersion": 2}
    ]
    assert (await Membership.get(id=id)).granted == frozenset({"PRODUCTS"})


async def test_nobody_touches_the_owner_themselves_or_who_holds_more(
    app: Application, ann: Person, acme: str, bob: Person
) -> None:
    carol, dan = await register(app, "Carol"), await register(app, "Dan")
    await join(ann, carol, acme, "MANAGE_USERS", "TICKETS")
    await join(ann, dan, acme, "INVOICES", "TICKETS")
    rows = await Membership.all().order_by("id").values()

    for person, code in (
        (ann, "OWNER_IS_IMMUTABLE"),
        (carol, "CANNOT_EDIT_SELF"),
        (dan, "CANNOT_GRANT_PERMISSION"),
    ):
        id = await membership_of(person, acme)
        assert await codes(carol, UPDATE, membershipId=id, suspended=True) == [code]
        assert await codes(carol, REVOKE, membershipId=id) == [code]
    id = await membership_of(bob, acme)
    assert await codes(carol, UPDATE, membershipId=id, permissions=["MANAGE_USERS"]) == [
        "CANNOT_GRANT_PERMISSION"
    ]
    assert await Membership.all().order_by("id").values() == rows
    assert await codes(bob, REVOKE, membershipId=await membership_of(dan, acme)) == ["FORBIDDEN"]


async def test_a_stranger_cannot_tell_a_membership_from_none(
    ann: Person, bob: Person, acme: str, eve: Person
) -> None:
    id = await membership_of(bob, acme)

    for unknown in (id, "mem_01h455vb4pex5vsknk084sn02q", "nonsense", acme):
        assert await codes(eve, REVOKE, membershipId=unknown) == ["NOT_FOUND"]
    assert (await Membership.get(id=id)).status == "ACTIVE"


async def test_a_removed_member_is_out_at_the_next_request(
    ann: Person, bob: Person, acme: str
) -> None:
    await bob.does(SWITCH, accountId=acme)
    id = await membership_of(bob, acme)
    assert (await ann.does(REVOKE, membershipId=id))["membership"]["status"] == "ENDED"

    answer = await bob.tries(TICKETS)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["ACCOUNT_REQUIRED"]
    named = await bob.tries(TICKETS, id=acme)
    assert [error["extensions"]["code"] for error in named["errors"]] == ["NOT_A_MEMBER"]
    seen = (
        await bob.asks(
            "query ($id: ID!) { account(id: $id) { name status viewerPermissions openTicketCount } }",
            id=acme,
        )
    )["account"]
    assert seen == {
        "name": "Acme",
        "status": "ACTIVE",
        "viewerPermissions": [],
        "openTicketCount": None,
    }


async def test_a_lost_default_stays_lost(
    app: Application, ann: Person, bob: Person, acme: str
) -> None:
    await account_of(bob, "Bakery")
    await bob.does(SWITCH, accountId=acme)
    await ann.does(REVOKE, membershipId=await membership_of(bob, acme))

    context = (await bob.asks(CONTEXT))["accountContext"]
    assert context == {"source": "SESSION", "account": None, "denial": {"code": "ACCOUNT_REQUIRED"}}
    fresh = await sign_in(app, "Bob")
    assert (await fresh.asks(CONTEXT))["accountContext"] == {
        "source": "ONLY_ONE",
        "account": {"name": "Bakery"},
        "denial": None,
    }


async def test_the_suspended_are_listed_and_kept_out(ann: Person, bob: Person, acme: str) -> None:
    id = await membership_of(bob, acme)
    await ann.does(UPDATE, membershipId=id, suspended=True)

    assert await codes(bob, SWITCH, accountId=acme) == ["MEMBERSHIP_SUSPENDED"]
    answer = await bob.tries(TICKETS, id=acme)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["MEMBERSHIP_SUSPENDED"]
    listed = await bob.asks("{ accounts { nodes { name } totalCount } }")
    assert listed["accounts"] == {"nodes": [{"name": "Acme"}], "totalCount": 1}
    await ann.does(UPDATE, membershipId=id, suspended=False)
    assert "errors" not in await bob.tries(TICKETS, id=acme)
    events = await AuditEvent.filter(account_id=acme).order_by("sequence")
    assert [event.action for event in events][-2:] == [
        "MEMBERSHIP_SUSPENDED",
        "MEMBERSHIP_RESTORED",
    ]


async def test_an_end_date_ends_access_by_itself(ann: Person, bob: Person, acme: str) -> None:
    id = await membership_of(bob, acme)
    await Membership.filter(id=id).update(expires_at=clock.now() - timedelta(milliseconds=1))

    answer = await bob.tries(TICKETS, id=acme)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["NOT_A_MEMBER"]
    context = (await bob.asks(CONTEXT))["accountContext"]
    assert (context["account"], context["denial"]) == (None, {"code": "ACCOUNT_REQUIRED"})


async def test_a_closed_account_is_listed_and_shut_and_a_suspended_one_has_its_tickets(
    ann: Person, bob: Person, acme: str
) -> None:
    await Account.filter(id=acme).update(status=AccountStatus.SUSPENDED)
    assert "errors" not in await bob.tries(TICKETS, id=acme)
    members = await ann.tries(MEMBERS, id=acme)
    assert [error["extensions"]["code"] for error in members["errors"]] == ["ACCOUNT_SUSPENDED"]
    assert await codes(
        ann, INVITE, accountId=acme, email="d@x.example", permissions=["TICKETS"]
    ) == ["ACCOUNT_SUSPENDED"]

    await Account.filter(id=acme).update(status=AccountStatus.CLOSED)
    answer = await bob.tries(TICKETS, id=acme)
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["ACCOUNT_CLOSED"]
    assert await codes(bob, SWITCH, accountId=acme) == ["ACCOUNT_CLOSED"]
    assert (await bob.asks("{ accounts { nodes { status } } }"))["accounts"]["nodes"] == [
        {"status": "CLOSED"}
    ]


async def test_invites_fall_with_the_right_of_their_sender(
    app: Application, ann: Person, acme: str
) -> None:
    carol = await register(app, "Carol")
    id = await join(ann, carol, acme, "MANAGE_USERS", "TICKETS", "PRODUCTS")
    for name, permission in (("x", "TICKETS"), ("y", "PRODUCTS")):
        await carol.does(INVITE, email=f"{name}@x.example", permissions=[permission])

    await ann.does(UPDATE, membershipId=id, permissions=["MANAGE_USERS", "TICKETS"])
    assert (await Invite.get(email="x@x.example")).status is InviteStatus.PENDING
    assert (await Invite.get(email="y@x.example")).status is InviteStatus.REVOKED
    await ann.does(REVOKE, membershipId=id)
    assert (await Invite.get(email="x@x.example")).status is InviteStatus.REVOKED


async def test_no_act_commits_after_the_removal_was_answered(
    ann: Person, bob: Person, acme: str
) -> None:
    (general,) = (await bob.asks(DEPARTMENTS))["departments"]
    opened = await bob.does(OPEN_TICKET, subject="Race", body="Go", departmentId=general["id"])
    ticket, member = opened["ticket"]["id"], await membership_of(bob, acme)
    answered = asyncio.Event()
    late: list[str] = []

    async def write(number: int) -> None:
        was_over = answered.is_set()
        payload = await bob.does(REPLY, ticketId=ticket, body=f"Reply {number}")
        if was_over and not payload["errors"]:
            late.append(payload["message"]["id"])

    async def remove() -> int:
        await asyncio.sleep(0.02)
        assert await codes(ann, REVOKE, membershipId=member) == []
        answered.set()
        return await TicketMessage.filter(ticket_id=ticket).count()

    removal = asyncio.create_task(remove())
    for wave in range(6):
        await asyncio.gather(*(write(wave * 10 + number) for number in range(10)))
    at_the_answer = await removal

    assert late == []
    assert await TicketMessage.filter(ticket_id=ticket).count() == at_the_answer
    assert at_the_answer < 61


async def test_an_admin_manages_without_being_a_member_and_an_agent_only_looks(
    ann: Person, bob: Person, acme: str, ada: Person, sam: Person
) -> None:
    id = await membership_of(bob, acme)
    assert await codes(sam, UPDATE, membershipId=id, suspended=True) == ["NOT_A_MEMBER"]
    assert (await sam.asks(MEMBERS, id=acme))["account"]["members"]["totalCount"] == 2

    assert await codes(ada, UPDATE, membershipId=id, permissions=["MANAGE_USERS"]) == []
    assert (
        await codes(ada, INVITE, accountId=acme, email="d@x.example", permissions=["TICKETS"]) == []
    )
    event = await AuditEvent.get(action="MEMBERSHIP_UPDATED")
    assert (event.actor_kind, event.actor_name, event.relationship) == (
        "OPERATOR",
        "Ada Example",
        "OPERATOR",
    )
