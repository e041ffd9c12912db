"""What is read depends on what is asked for; what is answered does not."""

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)

from resolvers.schema import schema
from tests.stage import ANSWER, REPLY, Person, join
from tests.test_tickets import opened_by

GRAPH = schema._schema  # noqa: SLF001  # it has no public name
WAYS = {
    "TicketMessage": "{ ticket(id: $id) { messages { nodes { FIELDS } } } }",
    "Ticket": "{ ticket(id: $id) { FIELDS } }",
    "Account": "{ ticket(id: $id) { account { FIELDS } } }",
    "AuditEvent": "{ ticket(id: $id) { account { auditEvents { nodes { FIELDS } } } } }",
}
LISTED = "{ tickets(accountId: $id) { nodes { FIELDS } } }"


def leaves(kind: GraphQLNamedType, depth: int = 2) -> Iterator[str]:
    """Select each field of a type by itself, with what is below it."""
    if isinstance(kind, GraphQLInterfaceType):
        for possible in GRAPH.get_possible_types(kind):
            yield from (f"... on {possible.name} {{ {each} }}" for each in leaves(possible, depth))
        return
    assert isinstance(kind, GraphQLObjectType)
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        if is_leaf_type(inner):
            yield name
        elif (
            depth and not field.args and isinstance(inner, GraphQLObjectType | GraphQLInterfaceType)
        ):
            yield from (f"{name} {{ {each} }}" for each in leaves(inner, depth - 1))


def merged(one: object, other: object) -> object:
    """Lay two parts of an answer over one another."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one | {key: merged(one.get(key), value) for key, value in other.items()}
    if isinstance(one, list) and isinstance(other, list):
        return [merged(a, b) for a, b in zip(one, other, strict=True)]
    return other


@pytest.fixture
async def ticket(ann: Person, bob: Person, sam: Person, acme: str) -> str:
    """Ann's ticket, in which Bob and Sam have written; Bob is gone since."""
    ticket = await opened_by(ann)
    for person, mutation in ((bob, REPLY), (sam, ANSWER), (ann, REPLY)):
        assert (await person.does(mutation, ticketId=ticket, body="Hello."))["errors"] == []
    return ticket


@pytest.mark.parametrize("kind", [*WAYS, "in a list"])
async def test_a_field_alone_is_what_it_is_among_others(
    ann: Person, sam: Person, acme: str, ticket: str, kind: str
) -> None:
    await join(ann, sam, acme, "TICKETS")
    way = WAYS.get(kind, LISTED)
    fields = list(leaves(GRAPH.type_map[kind if kind in WAYS else "Ticket"]))
    id = ticket if kind in WAYS else acme

    async def ask(person: Person, asked: str) -> dict[str, object]:
        query = f"query ($id: ID!) {way.replace('FIELDS', asked)}"
        answer = await person.tries(query, id=id)
        for _ in range(2):  # compiled, too
            assert await person.tries(query, id=id) == answer
        return answer["data"]  # type: ignore[no-any-return]

    for person in (ann, sam):
        whole, parts = await ask(person, " ".join(fields)), None
        for field in fields:
            parts = merged(parts, await ask(person, field))
        assert parts == whole
    assert len(fields) > 10


async def test_what_a_reply_answers_is_what_is_read_afterwards(
    ann: Person, sam: Person, ticket: str
) -> None:
    fields = " ".join(leaves(GRAPH.type_map["TicketMessage"]))
    page = f"query ($id: ID!) {WAYS['TicketMessage'].replace('FIELDS', fields)}"

    for person, mutation, more in ((ann, REPLY, {}), (sam, ANSWER, {"internal": True})):
        asked = (
            mutation[: mutation.index("message {")]
            + f"message {{ {fields} }} errors {{ code }} }} }}"
        )
        input = {"ticketId": ticket, "body": "Hello again.", **more}
        [written] = (await person.tries(asked, input=input))["data"].values()
        read = (await person.tries(page, id=ticket))["data"]["ticket"]["messages"]["nodes"]
        assert written["message"] == next(
            each for each in read if each["id"] == written["message"]["id"]
        )
