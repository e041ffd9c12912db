"""Arguments are what Strawberry would make of them, for every field of the product's roots."""

from collections.abc import Iterator
from enum import Enum
from typing import Annotated, Any

import pytest
import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_nullable_type,
    is_required_input_field,
)
from strawberry.types.arguments import StrawberryArgument, convert_argument

from app.engine.inputs import converter
from app.engine.sources import Bail
from resolvers.schema import schema

REGISTRY = schema.schema_converter.scalar_registry


def arguments() -> Iterator[Any]:
    """Name every argument of the roots."""
    graph = schema._schema  # noqa: SLF001  # it has no public name
    for root in (graph.query_type, graph.mutation_type):
        for name, field in root.fields.items() if root else ():
            for given, argument in field.args.items():
                yield pytest.param(argument, id=f"{name} {given}")


def sample(typ: Any, *, full: bool) -> object:  # noqa: ANN401  # any input type
    """Make up what graphql-core would hand over, with all that may be given or no more than must be."""
    inner = get_nullable_type(typ)
    if not full and not isinstance(typ, GraphQLNonNull):
        return None
    if isinstance(inner, GraphQLList):
        return [sample(inner.of_type, full=full)] * 2
    if isinstance(inner, GraphQLEnumType):
        return next(iter(getattr(inner, "wrapped_cls", Enum)), "X")
    if isinstance(inner, GraphQLInputObjectType):
        fields = inner.fields.items()
        asked = [(name, field) for name, field in fields if full or is_required_input_field(field)]
        return {name: sample(field.type, full=full) for name, field in asked}
    return "as it is"


def strawberrys(argument: GraphQLArgument, value: object) -> object:
    """Convert it in Strawberry's way."""
    declared = argument.extensions["strawberry-definition"]
    assert isinstance(declared, StrawberryArgument)
    return convert_argument(value, declared.type, REGISTRY, schema.config)


@pytest.mark.parametrize("full", [True, False])
@pytest.mark.parametrize("argument", list(arguments()))
def test_an_argument_is_strawberrys(argument: GraphQLArgument, *, full: bool) -> None:
    value = sample(argument.type, full=full)

    assert converter(argument.type)(value) == strawberrys(argument, value)


@strawberry.input
class Tree:
    """An input that holds itself."""

    inner: Annotated["Tree", strawberry.lazy("tests.engine.test_inputs")] | None = None


@strawberry.input
class Patch:
    """An input that tells absent from null."""

    name: strawberry.Maybe[str]


@strawberry.type
class Query:
    """Fields with arguments that are left to Strawberry."""

    @strawberry.field
    def tree(self, tree: Tree) -> bool:
        """Take one."""
        return bool(tree)

    @strawberry.field
    def patch(self, patch: Patch) -> bool:
        """Take one."""
        return bool(patch)


@pytest.mark.parametrize("name", ["tree", "patch"])
def test_what_is_unusual_is_left_to_strawberry(name: str) -> None:
    graph = strawberry.Schema(Query)._schema  # noqa: SLF001  # it has no public name
    assert graph.query_type is not None

    with pytest.raises(Bail):
        converter(graph.query_type.fields[name].args[name].type)
