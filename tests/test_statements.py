"""What an operation costs: a number of statements that no number of rows changes."""

import pytest

from app.kit import clock
from app.main import Application
from models import Department, Membership, Ticket, TicketMessage, User
from models.key import mint
from tests.counting import counted
from tests.stage import (
    INVITE,
    OPEN_TICKET,
    REPLY,
    Person,
    account_of,
    join,
    register,
)

TICKET_PAGE = """query ($id: ID!) { ticket(id: $id) { id number subject status priority isLocked createdAt
  account { id name } openerBadge { relationship current } opener { displayName }
  messages(first: 50) { nodes { id body via createdAt author { __typename id displayName }
    badge { relationship label verified current } } pageInfo { hasNextPage endCursor } } } }"""
CHOOSER = """{ accounts(first: 50) { nodes { id name status openTicketCount owner { id displayName }
  viewerPermissions viewerMembership { id isOwner } } } }"""
MEMBERS_EVERYWHERE = """{ accounts(first: 50) { nodes { members { totalCount nodes { id permissions user { displayName }
  invitedBy { displayName } } } } } }"""
DEEP = """{ accounts(first: 50) { nodes { name tickets(first: 3) { nodes { subject messages(first: 2) { nodes { body
  author { displayName } badge { current membership { id } } } } } } auditEvents(first: 3) { nodes { action
  actor { displayName } actorBadge { current } } } invites { nodes { email } } } } }"""


async def statements(person: Person, query: str, **variables: object) -> list[str]:
    """Send a query that must succeed, and return what it asked of the database."""
    with counted() as asked:
        await person.asks(query, **variables)
    return asked


async def people(number: int) -> list[User]:
    """Make users without their passwords."""
    now = clock.now()
    rows = [
        User(
            id=mint("usr"),
            email=f"p{i}@x.example",
            email_key=f"p{i}@x.example",
            first_name=f"P{i}",
            last_name="",
            locale="en",
            password_hash="",
            password_changed_at=now,
            created_at=now,
        )
        for i in range(number)
    ]
    await User.bulk_create(rows)
    return rows


async def ticket_in(account: str, authors: list[User], messages: int) -> str:
    """Make a ticket in which authors take turns."""
    general, now, id = await Department.get(), clock.now(), mint("tkt")
    await Ticket.bulk_create(
        [
            Ticket(
                id=id,
                number=id[-10:],
                account_id=account,
                department_id=general.id,
                opener_id=authors[0].id,
                opener_name="P0",
                opener_relationship="AUTHORIZED_USER",
                subject="Talk",
                created_at=now,
                updated_at=now,
            )
        ]
    )
    await TicketMessage.bulk_create(
        TicketMessage(
            ticket_id=id,
            account_id=account,
            author_kind="USER",
            author_id=authors[i % len(authors)].id,
            author_name="P",
            relationship="AUTHORIZED_USER",
            body=f"{i}",
            via="WEB",
            created_at=now,
        )
        for i in range(messages)
    )
    return id


async def enter(account: str, users: list[User]) -> None:
    """Make users members of an account."""
    now = clock.now()
    await Membership.bulk_create(
        Membership(
            account_id=account,
            user_id=user.id,
            granted=frozenset({"TICKETS"}),
            joined_at=now,
            last_active_at=now,
        )
        for user in users
    )


async def test_a_page_of_fifty_messages_by_eight_authors_costs_four_statements_at_most(
    ann: Person, acme: str
) -> None:
    authors = await people(8)
    await enter(acme, authors)
    small, large = await ticket_in(acme, authors[:1], 1), await ticket_in(acme, authors, 50)

    await ann.asks("{ me { id } }")
    one, fifty = (
        await statements(ann, TICKET_PAGE, id=small),
        await statements(ann, TICKET_PAGE, id=large),
    )

    assert len(one) == len(fifty)
    assert len(fifty) <= 4


# Two lists that come at once may or may not share the statement that reads their people: hence a bound.
@pytest.mark.parametrize(("query", "most"), [(CHOOSER, 3), (MEMBERS_EVERYWHERE, 5), (DEEP, 10)])
async def test_twenty_accounts_cost_as_much_as_two(
    ann: Person, acme: str, query: str, most: int
) -> None:
    users = await people(5)
    accounts = [acme, await account_of(ann, "Second")]
    for account in accounts:
        await enter(account, users)
        await ticket_in(account, users, 3)
    await ann.asks("{ me { id } }")
    two = await statements(ann, query)

    for number in range(18):
        account = await account_of(ann, f"Account {number}")
        await enter(account, users)
        for _ in range(2):
            await ticket_in(account, users, 3)
    twenty = await statements(ann, query)

    assert len(two) <= most
    assert len(twenty) <= most


async def test_a_list_is_read_with_its_session_in_few_statements(ann: Person, acme: str) -> None:
    await ann.asks("{ me { displayName } }")
    assert len(await statements(ann, "{ me { displayName } }")) == 1
    assert (
        len(await statements(ann, "{ me { displayName } accountContext { account { id name } } }"))
        <= 2
    )
    assert len(await statements(ann, "{ tickets { nodes { id } } }")) <= 3
    assert len(await statements(ann, CHOOSER)) <= 3


async def test_a_stranger_costs_no_statement(nobody: Person) -> None:
    assert (
        await statements(nobody, "{ me { id } session { id } permissionCatalog { label } }") == []
    )


async def test_writing_costs_as_much_with_many_rows_as_with_few(
    app: Application, ann: Person, acme: str
) -> None:
    bob = await register(app, "Bob")
    await join(ann, bob, acme, "TICKETS")
    general = await Department.get()
    opened = await bob.does(OPEN_TICKET, subject="x", body="y", departmentId=general.id)
    ticket = opened["ticket"]["id"]

    async def reply() -> int:
        with counted() as asked:
            assert (await bob.does(REPLY, ticketId=ticket, body="z"))["errors"] == []
        return len(asked)

    costs = [await reply() for _ in range(6)]
    assert len(set(costs)) == 1
    with counted() as asked:
        payload = await ann.does(INVITE, email="dora@x.example", permissions=["TICKETS"])
    assert payload["errors"] == []
    assert len(asked) <= 30
