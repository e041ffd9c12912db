"""U+0000, which one of the databases cannot hold: refused at the door, wherever it is put."""

from collections.abc import Iterator

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLScalarType,
    get_named_type,
    get_nullable_type,
)

from app.main import Application
from resolvers.schema import schema
from tests.stage import Person
from tests.visitors import browser, everything, heading

WRITTEN = ("\0b", "a\0b", "a\0")
PLAIN = {"Int", "Float", "Boolean"}
PAGES = ("invite", "verify-email", "reset", "unlock", "tickets")
Place = tuple[object, str]


def places(kind: GraphQLInputType, path: str, text: str) -> Iterator[Place]:
    """Fill in a text at every place of a type that takes one, each time alone."""
    bare = get_nullable_type(kind)
    if isinstance(bare, GraphQLList):
        yield from (([value], at) for value, at in places(bare.of_type, f"{path}.0", text))
    elif isinstance(bare, GraphQLInputObjectType):
        for name, field in bare.fields.items():
            if get_named_type(field.type) is not bare:
                found = places(field.type, f"{path}.{name}", text)
                yield from (({name: value}, at) for value, at in found)
    elif isinstance(bare, GraphQLScalarType) and bare.name not in PLAIN:
        yield text, path


def arguments() -> Iterator[tuple[str, GraphQLInputType]]:
    """Name every kind of argument once."""
    graph = schema._schema  # noqa: SLF001  # it has no public name
    roots = (graph.query_type, graph.mutation_type, graph.subscription_type)
    fields = (field for root in roots if root for field in root.fields.values())
    kinds = {str(each.type): each.type for field in fields for each in field.args.values()}
    return iter(kinds.items())


@pytest.mark.parametrize("text", WRITTEN)
async def test_no_argument_takes_it(app: Application, ann: Person, text: str) -> None:
    before, refused = await everything(), []

    for name, kind in arguments():
        for value, at in places(kind, "variables.v", text):
            answer = await ann.sends(f"query ($v: {name}) {{ me {{ id }} }}", v=value)
            errors = answer.json()["errors"]
            told = errors[0]["message"], errors[0]["extensions"]["code"], answer.status_code
            refused.append(told == (f"{at} holds U+0000.", "BAD_REQUEST", 400))

    assert len(refused) > 100
    assert all(refused)
    assert await everything() == before


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("token", ["%00", "%00b", "a%00b", "a%00"])
async def test_a_link_with_it_is_not_valid(app: Application, page: str, token: str) -> None:
    before = await everything()

    async with browser(app) as visitor:
        shown = await visitor.get(f"/{page}/{token}")
        posted = await visitor.post(f"/{page}/{token}", data={"password": "correct horse battery"})

    assert (shown.status_code, heading(shown)) == (404, "This link is not valid")
    assert posted.status_code in {404, 405}
    assert await everything() == before
