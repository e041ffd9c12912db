"""Scalars and enums: the values that are written as they are, and graphql-core's own coercion for the rest."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import Enum
from typing import Final, TypeAlias, cast

from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLID,
    GraphQLInt,
    GraphQLNamedType,
    GraphQLScalarType,
    GraphQLString,
    Undefined,
)
from strawberry.execution import optimized_is_awaitable

from app.engine.sources import Bail, Source

Coerce: TypeAlias = Callable[[object], object]

AS_IT_IS: Final[Mapping[GraphQLNamedType, str]] = {
    GraphQLString: "type({v}) is str",
    GraphQLID: "type({v}) is str",
    GraphQLBoolean: "type({v}) is bool",
    GraphQLInt: "type({v}) is int and -2147483648 <= {v} <= 2147483647",
}
PLAIN: Final = frozenset({str, bool, int, float, datetime, dict, list})


def leaf(typ: GraphQLNamedType, v: str, source: Source) -> str:
    """Write a scalar or an enum; whatever is unusual goes through the type's own function."""
    if isinstance(typ, GraphQLEnumType):
        return f"({source.name(_names(typ))}.get({v}) or {source.name(_coercion(typ))}({v}))"
    if not isinstance(typ, GraphQLScalarType):
        raise Bail
    slow = f"{source.name(_coercion(typ))}({v})"
    test = AS_IT_IS.get(typ)
    return f"({v} if {test.format(v=v)} else {slow})" if test else slow


def _names(typ: GraphQLEnumType) -> dict[object, str]:
    members = cast("type[Enum] | tuple[()]", getattr(typ, "wrapped_cls", ()))
    return {member: typ.coerce_output_value(member) for member in members}


def _coercion(typ: GraphQLScalarType | GraphQLEnumType) -> Coerce:
    """Coerce as graphql-core does, and leave every oddity to it."""
    own = cast("Coerce", typ.coerce_output_value)

    def coerce(value: object) -> object:
        if type(value) not in PLAIN and _is_odd(value):
            raise Bail
        coerced = own(value)
        if coerced is None or coerced is Undefined:
            raise Bail
        return coerced

    return coerce


def _is_odd(value: object) -> bool:
    return isinstance(value, Exception) or value is Undefined or optimized_is_awaitable(value)
