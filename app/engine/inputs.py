"""What graphql-core has read of an argument, as resolvers are given it: input objects become those of their classes.

Strawberry asks anew in every request how each field of each type is converted; here that is asked once.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any, TypeAlias

from graphql import (
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    get_nullable_type,
    is_leaf_type,
)
from strawberry.types.base import StrawberryMaybe, StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from app.engine.reading import DEFINITION
from app.engine.sources import Bail

Convert: TypeAlias = Callable[[Any], Any]


def converter(typ: GraphQLInputType, *above: GraphQLInputType) -> Convert:
    """Say how values of a type are converted; bail where Strawberry has more to do than that."""
    inner: Any = get_nullable_type(typ)
    if inner in above:
        raise Bail
    if is_leaf_type(inner):
        return _as_it_is
    if isinstance(inner, GraphQLList):
        each = converter(inner.of_type, *above)
        return lambda values: None if values is None else list(map(each, values))
    return _of_object(inner, above)


def _as_it_is(value: object) -> object:
    return value


def _of_object(typ: GraphQLInputObjectType, above: tuple[GraphQLInputType, ...]) -> Convert:
    definition = typ.extensions.get(DEFINITION)
    if not isinstance(definition, StrawberryObjectDefinition) or definition.from_input is not None:
        raise Bail
    known = {name: _field(field.extensions.get(DEFINITION)) for name, field in typ.fields.items()}
    inner = {name: converter(field.type, typ, *above) for name, field in typ.fields.items()}
    absent = {field.python_name: None for field in known.values() if not _has_default(field)}
    cls = definition.origin

    def convert(value: Mapping[str, object] | None) -> object:
        if value is None:
            return None
        given = {known[name].python_name: inner[name](each) for name, each in value.items()}
        return cls(**{**absent, **given})

    return convert


def _field(definition: object) -> StrawberryField:
    if not isinstance(definition, StrawberryField) or isinstance(definition.type, StrawberryMaybe):
        raise Bail
    return definition


def _has_default(field: StrawberryField) -> bool:
    return field.default_value is not MISSING or field.default_factory is not MISSING
