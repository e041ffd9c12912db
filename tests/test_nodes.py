"""Any object by its id: what some other field would show, and nothing else."""

from app.main import Application
from models import AuditEvent, Membership
from tests.stage import ANSWER, INVITE, OPEN_TICKET, Person, account_of, join, register

NODE = "query ($id: ID!) { node(id: $id) { id __typename } }"
NODES = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"


async def everything_of_acme(ann: Person, bob: Person, acme: str, sam: Person) -> dict[str, str]:
    """Make one object of every kind, and name them."""
    general = (await bob.asks("{ departments { id } }"))["departments"][0]["id"]
    invite = await ann.does(INVITE, email="dora@x.example", permissions=["TICKETS"])
    ticket = (await bob.does(OPEN_TICKET, subject="x", body="y", departmentId=general))["ticket"][
        "id"
    ]
    answer = await sam.does(ANSWER, ticketId=ticket, body="z")
    ask = """query ($id: ID!) { ticket(id: $id) { messages { nodes { id author { id } } } } }"""
    said = (await bob.asks(ask, id=ticket))["ticket"]["messages"]["nodes"]
    return {
        "Account": acme,
        "Membership": (await Membership.get(user_id=bob.id)).id,
        "Invite": invite["invite"]["id"],
        "Ticket": ticket,
        "TicketMessage": answer["message"]["id"],
        "AuditEvent": (
            await AuditEvent.filter(account_id=acme).order_by("sequence").first() or AuditEvent()
        ).id,
        "User": bob.id,
        "Operator": said[1]["author"]["id"],
        "Department": general,
    }


async def seen_by(person: Person, ids: dict[str, str]) -> set[str]:
    """Ask for every object, and return the kinds of those that were shown."""
    kinds = set()
    for kind, id in ids.items():
        shown = (await person.asks(NODE, id=id))["node"]
        if shown is not None:
            assert shown == {"id": id, "__typename": kind}
            kinds.add(kind)
    return kinds


async def test_everybody_sees_by_id_what_is_theirs(
    app: Application,
    ann: Person,
    bob: Person,
    acme: str,
    sam: Person,
    ada: Person,
    eve: Person,
    nobody: Person,
) -> None:
    carol = await register(app, "Carol")
    await join(ann, carol, acme, "PRODUCTS")
    ids = await everything_of_acme(ann, bob, acme, sam)

    assert await seen_by(nobody, ids) == {"Department"}
    assert await seen_by(eve, ids) == {"Department"}
    assert await seen_by(carol, ids) == {"Department", "Account", "User"}
    assert await seen_by(bob, ids) == set(ids) - {"Invite", "AuditEvent"}
    assert await seen_by(ann, ids) == set(ids)
    assert await seen_by(sam, ids) == set(ids) - {"AuditEvent"}
    assert await seen_by(ada, ids) == set(ids)

    await Membership.filter(user_id=bob.id).update(status="ENDED")
    assert await seen_by(bob, ids) == {"Department", "Account", "Membership", "User"}


async def test_ids_of_no_kind_are_nothing(ann: Person, acme: str) -> None:
    wrong = [
        "",
        "x",
        "acc_",
        acme.replace("acc_", "usr_"),
        acme.upper(),
        f"{acme}0",
        "acc_zzzz",
        acme,
    ]

    shown = (await ann.asks(NODES, ids=wrong))["nodes"]

    assert shown == [None] * 7 + [{"id": acme}]
    answer = await ann.tries(NODES, ids=[acme] * 101)
    assert answer["errors"][0]["extensions"]["code"] == "INVALID_INPUT"


async def test_the_current_session_is_a_node_and_nobody_elses(ann: Person, eve: Person) -> None:
    id = (await ann.asks("{ session { id } }"))["session"]["id"]

    assert (await ann.asks(NODE, id=id))["node"] == {"id": id, "__typename": "Session"}
    assert (await eve.asks(NODE, id=id))["node"] is None


async def test_an_account_without_id_is_the_active_one(ann: Person, acme: str) -> None:
    assert (await ann.asks("{ account { id } }"))["account"] == {"id": acme}
    await account_of(ann, "Other")
    answer = await ann.tries("{ account { id } }")
    assert answer["errors"][0]["extensions"]["code"] == "ACCOUNT_REQUIRED"
    assert (await ann.asks('{ account(id: "acc_zz") { id } }'))["account"] is None


async def test_the_server_says_what_it_is(nobody: Person) -> None:
    ask = """{ server { version schemaHash locales maxPageSize passwordMinLength }
      permissionCatalog { permission label implies } }"""
    told = await nobody.asks(ask)

    assert told["server"]["locales"] == ["en", "de"]
    assert (told["server"]["maxPageSize"], told["server"]["passwordMinLength"]) == (100, 12)
    assert len(told["server"]["schemaHash"]) == 64
    assert len(told["permissionCatalog"]) == 16
