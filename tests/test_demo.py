"""The demo world: who lives there, what can be seen there, and that it is made once."""

import asyncio

import pytest
from tortoise import Model

from app.demo import crowd, queries, world
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
    Player,
)
from app.demo.world import DatabaseInUse, World
from app.domain import audit
from app.domain.postman import BLANK
from app.main import Application
from models import (
    Account,
    AuditEvent,
    AuditHead,
    Email,
    Invite,
    Link,
    MailDelivery,
    Membership,
    Operator,
    Quota,
    Session,
    Ticket,
    TicketMessage,
    User,
)
from tests.stage import ACCEPT, LOGIN, Person

TABLES: tuple[type[Model], ...] = (
    Account,
    AuditEvent,
    AuditHead,
    Email,
    Invite,
    Link,
    Membership,
    Operator,
    Quota,
    Session,
    Ticket,
    TicketMessage,
    User,
)
MINE = """{ me { displayName email emailVerifiedAt timeZone operator { role }
  memberships { nodes { account { name } isOwner status } } invites { nodes { account { name } } } } }"""
CONTEXT = "{ accountContext { account { name } denial { code } } }"
INVITES = """query ($id: ID!) { account(id: $id) { invites(filter: {status: [PENDING, DECLINED, EXPIRED]}) {
  nodes { email status } } } }"""
MEMBERS = """query ($id: ID!) { account(id: $id) { members(filter: {status: [ACTIVE, SUSPENDED, ENDED]}) {
  nodes { user { displayName } isOwner status expiresAt } } } }"""
TICKETS = """query ($id: ID!) { account(id: $id) { tickets { nodes {
  subject status isLocked messages { nodes { internal } } } } } }"""


@pytest.fixture
async def demo(app: Application) -> World:
    """The world, made for this test."""
    return await world.made(app.site)


async def enter(app: Application, player: Player, demo: World) -> Person:
    """Sign in with what is printed."""
    person = Person(app, player.first)
    payload = await person.does(LOGIN, email=player.email, password=demo.password)
    assert payload["errors"] == []
    person.token = payload["sessionToken"]
    return person


async def account_named(name: str) -> str:
    """Find an account of the world."""
    id: str = (await Account.get(name=name)).id
    return id


async def counts() -> dict[str, int]:
    """Count the rows of every table."""
    return {model.__name__: await model.all().count() for model in TABLES}


async def is_whole(head: AuditHead) -> bool:
    """Whether a chain fits together, and ends in its head."""
    last = await AuditEvent.get(chain=head.chain, sequence=head.sequence)
    return last.hash == head.hash and await audit.first_broken(head.chain) is None


async def broken_chains() -> list[str]:
    """Name the chains that are not whole."""
    return [head.chain for head in await AuditHead.all() if not await is_whole(head)]


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


async def test_the_log_is_whole_and_in_the_order_of_time(demo: World) -> None:
    assert await broken_chains() == []
    for head in await AuditHead.all():
        events = await AuditEvent.filter(chain=head.chain).order_by("sequence")
        assert len(events) > 10
        assert [each.created_at for each in events] == sorted(each.created_at for each in events)


async def test_no_mail_is_left_to_be_sent_and_no_secret_but_the_newcomers(demo: World) -> None:
    unsent = await Email.exclude(delivery=MailDelivery.SENT).count()
    kept = await Email.filter(has_secret=True).exclude(body_text=BLANK)

    assert unsent == 0
    assert [each.recipient for each in kept] == [NEWCOMER]


async def test_a_newcomer_follows_the_link_that_is_printed_once(
    app: Application, demo: World
) -> None:
    assert demo.invite_link is not None
    token = demo.invite_link.rpartition("/")[2]
    finn = {"email": NEWCOMER, "password": demo.password, "firstName": "Finn", "lastName": "Moe"}

    joined = await Person(app).does(ACCEPT, token=token, **{"as": {"register": finn}})

    assert (joined["errors"], joined["account"]["name"]) == ([], ACME)
    assert (await world.made(app.site)).invite_link is None


async def test_the_world_is_made_once(app: Application, demo: World) -> None:
    before = await counts()

    assert await world.made(app.site) == demo
    assert await counts() == before


async def test_of_two_who_make_the_world_at_once_one_finds_it_made(app: Application) -> None:
    one, other = await asyncio.gather(world.made(app.site), world.made(app.site))

    assert one == other
    assert await User.all().count() == len(CAST)


async def test_the_world_is_not_made_among_other_people(app: Application, ann: Person) -> None:
    before = await counts()

    with pytest.raises(DatabaseInUse):
        await world.made(app.site)

    assert await counts() == before


async def test_every_installation_has_its_own_password(app: Application, demo: World) -> None:
    key, settings = "another", app.site.settings
    other = settings.model_copy(update={"secret_keys": (key,)})
    renewed = settings.model_copy(update={"secret_keys": (key, *settings.secret_keys)})

    assert world.password_of(type(app.site)(other)) != demo.password
    assert world.password_of(type(app.site)(renewed)) == demo.password


async def test_a_crowd_is_filled_up_and_not_filled_twice(app: Application, demo: World) -> None:
    before, told = await counts(), list[int]()

    await crowd.fill(app.site, 3, told.append)
    await crowd.fill(app.site, 6, told.append)
    grown = await counts()
    await crowd.fill(app.site, 6, told.append)

    assert told == [0, 4, 4, 6, 6]
    assert await counts() == grown
    new = {table: grown[table] - before[table] for table in grown if grown[table] > before[table]}
    assert new == {
        "User": 6,
        "Account": 3,
        "Membership": new["Membership"],
        "AuditHead": 3,
        "AuditEvent": 3,
        "Ticket": 60,
        "TicketMessage": 300,
    }
    assert await broken_chains() == []


async def test_the_crowd_signs_in_and_reads_its_tickets(app: Application, demo: World) -> None:
    await crowd.fill(app.site, 16, list[int]().append)
    person = Person(app, "User1")

    payload = await person.does(LOGIN, email="user1@crowd.example", password=demo.password)
    person.token = payload["sessionToken"]
    accounts = (await person.asks("{ accounts { nodes { id viewerPermissions } } }"))["accounts"]
    own = max(accounts["nodes"], key=lambda each: len(each["viewerPermissions"]))
    tickets = (await person.asks(TICKETS, id=own["id"]))["account"]["tickets"]["nodes"]

    assert payload["errors"] == []
    assert len(accounts["nodes"]) == 8
    assert await Membership.filter(status="SUSPENDED", account__name__not=BAKERY).count() == 1
    assert await Membership.filter(status="ENDED", account__name__not=ACME).count() == 1
    assert {len(each["messages"]["nodes"]) for each in tickets} == {5}
