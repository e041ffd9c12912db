"""Filling the database to size."""

from app.demo import crowd
from app.demo.cast import ACME, BAKERY
from app.demo.world import World
from app.main import Application
from models import Membership
from tests.demo.visiting import broken_chains, counts
from tests.stage import LOGIN, Person

TICKETS = """query ($id: ID!) { account(id: $id) { tickets { nodes {
  subject status isLocked messages { nodes { internal } } } } } }"""


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
