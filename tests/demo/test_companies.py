"""What can be seen in the demo world: people, places, invites and tickets in every state."""

from app.demo import queries
from app.demo.cast import (
    ACME,
    BAKERY,
    CAST,
    FORMER_COLLEAGUE,
    FREELANCER,
    GRACE,
    IRIS,
    KEPLER,
    LENA,
    MATEO,
    NEWCOMER,
    NORA,
    OSKAR,
    TOM,
)
from app.demo.world import World
from app.main import Application
from tests.demo.visiting import account_named, enter
from tests.stage import Person

MINE = """{ me { displayName email emailVerifiedAt timeZone operator { role }
  memberships { nodes { account { name } isOwner status } } invites { nodes { account { name } } } } }"""
CONTEXT = "{ accountContext { account { name } denial { code } } }"
INVITES = """query ($id: ID!) { account(id: $id) { invites(filter: {status: [PENDING, DECLINED, EXPIRED]}) {
  nodes { email status } } } }"""
MEMBERS = """query ($id: ID!) { account(id: $id) { members(filter: {status: [ACTIVE, SUSPENDED, ENDED]}) {
  nodes { user { displayName } isOwner status expiresAt } } } }"""
TICKETS = """query ($id: ID!) { account(id: $id) { tickets { nodes {
  subject status isLocked messages { nodes { internal } } } } } }"""


async def test_everybody_who_is_printed_can_sign_in(app: Application, demo: World) -> None:
    staff = {}
    for player in CAST:
        me = (await (await enter(app, player, demo)).asks(MINE))["me"]
        assert (me["displayName"], me["email"]) == (player.name, player.email)
        assert me["emailVerifiedAt"] is not None
        if me["operator"]:
            staff[player] = me["operator"]["role"]

    assert staff == {OSKAR: "AGENT", GRACE: "ADMIN"}


async def test_people_are_in_no_account_in_one_and_in_many(app: Application, demo: World) -> None:
    places = {}
    for player in (NORA, TOM, IRIS, LENA):
        me = (await (await enter(app, player, demo)).asks(MINE))["me"]
        nodes = me["memberships"]["nodes"]
        places[player] = {each["account"]["name"]: each["status"] for each in nodes}

    assert places == {
        NORA: {ACME: "ACTIVE"},
        TOM: {},
        IRIS: {ACME: "ACTIVE", BAKERY: "ACTIVE", KEPLER: "ACTIVE"},
        LENA: {BAKERY: "SUSPENDED"},
    }


async def test_the_queries_that_are_printed_answer(app: Application, demo: World) -> None:
    iris = Person(app, "Iris")
    login = (await iris.asks(queries.login(demo)))["login"]
    assert (login["errors"], login["session"]) == ([], {"pendingSteps": ["SELECT_ACCOUNT"]})
    iris.token = login["sessionToken"]

    accounts = (await iris.asks(queries.CHOOSER))["accounts"]["edges"]
    ticket = (await iris.asks(queries.ticket(demo)))["ticket"]
    named = await iris.at(demo.account_id).asks(CONTEXT)

    assert [each["node"]["name"] for each in accounts] == [ACME, KEPLER, BAKERY]
    assert [each["membership"]["expiresAt"] is None for each in accounts] == [True, False, True]
    assert (ticket["account"], ticket["status"]) == ({"name": ACME}, "CUSTOMER_REPLY")
    assert [
        (each["author"]["displayName"], each["badge"]["relationship"], each["badge"]["current"])
        for each in ticket["messages"]["nodes"]
    ] == [
        (TOM.name, "AUTHORIZED_USER", "REGISTERED_USER"),
        (OSKAR.name, "OPERATOR", "OPERATOR"),
        (NORA.name, "OWNER", "OWNER"),
        (OSKAR.name, "OPERATOR", "OPERATOR"),
        (TOM.name, "AUTHORIZED_USER", "REGISTERED_USER"),
        (IRIS.name, "AUTHORIZED_USER", "AUTHORIZED_USER"),
        (MATEO.name, "AUTHORIZED_USER", "AUTHORIZED_USER"),
    ]
    assert named["accountContext"] == {"account": {"name": ACME}, "denial": None}


async def test_a_suspended_member_cannot_enter(app: Application, demo: World) -> None:
    bakery = await account_named(BAKERY)
    lena = (await enter(app, LENA, demo)).at(bakery)

    context = (await lena.asks(CONTEXT))["accountContext"]
    refused = await lena.tries("{ tickets { nodes { subject } } }")

    assert context["denial"] == {"code": "MEMBERSHIP_SUSPENDED"}
    assert [each["extensions"]["code"] for each in refused["errors"]] == ["MEMBERSHIP_SUSPENDED"]


async def test_tickets_are_in_several_states(app: Application, demo: World) -> None:
    iris, oskar = await enter(app, IRIS, demo), await enter(app, OSKAR, demo)
    seen, notes = [], 0
    for name in (ACME, BAKERY, KEPLER):
        id = await account_named(name)
        for ticket in (await iris.asks(TICKETS, id=id))["account"]["tickets"]["nodes"]:
            seen.append((ticket["status"], ticket["isLocked"]))
            assert not any(each["internal"] for each in ticket["messages"]["nodes"])
        for ticket in (await oskar.asks(TICKETS, id=id))["account"]["tickets"]["nodes"]:
            notes += sum(each["internal"] for each in ticket["messages"]["nodes"])

    assert sorted(seen) == [
        ("ANSWERED", False),
        ("CLOSED", False),
        ("CLOSED", True),
        ("CUSTOMER_REPLY", False),
        ("CUSTOMER_REPLY", False),
        ("ON_HOLD", False),
        ("OPEN", False),
    ]
    assert notes == 3


async def test_invites_are_in_several_states(app: Application, demo: World) -> None:
    grace = await enter(app, GRACE, demo)
    seen: dict[str, str] = {}
    for name in (ACME, KEPLER):
        account = (await grace.asks(INVITES, id=await account_named(name)))["account"]
        seen |= {each["email"]: each["status"] for each in account["invites"]["nodes"]}
    mateo = (await (await enter(app, MATEO, demo)).asks(MINE))["me"]

    assert seen == {
        FORMER_COLLEAGUE: "EXPIRED",
        FREELANCER: "DECLINED",
        MATEO.email: "PENDING",
        NEWCOMER: "PENDING",
    }
    assert mateo["invites"]["nodes"] == [{"account": {"name": KEPLER}}]


async def test_members_have_come_gone_and_are_to_go(app: Application, demo: World) -> None:
    grace = await enter(app, GRACE, demo)
    seen: dict[tuple[str, str], tuple[bool, str, bool]] = {}
    for name in (ACME, BAKERY, KEPLER):
        account = (await grace.asks(MEMBERS, id=await account_named(name)))["account"]
        for each in account["members"]["nodes"]:
            who = name, each["user"]["displayName"]
            seen[who] = each["isOwner"], each["status"], each["expiresAt"] is not None

    assert seen == {
        (ACME, "Nora Whitfield"): (True, "ACTIVE", False),
        (ACME, "Mateo Rivas"): (False, "ACTIVE", False),
        (ACME, "Tom Hadley"): (False, "ENDED", False),
        (ACME, "Iris Falk"): (False, "ACTIVE", False),
        (BAKERY, "Jonas Petersen"): (True, "ACTIVE", False),
        (BAKERY, "Lena Brandt"): (False, "SUSPENDED", False),
        (BAKERY, "Iris Falk"): (False, "ACTIVE", False),
        (KEPLER, "Wei Zhang"): (True, "ACTIVE", False),
        (KEPLER, "Iris Falk"): (False, "ACTIVE", True),
    }
