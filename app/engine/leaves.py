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
    GraphQLOutputType,
    GraphQLScalarType,
    GraphQLString,
    Undefined,
)
from strawberry.execution import optimized_is_awaitable

from app.engine.sources import Bail, Source

Coerce: TypeAlias = Callable[[object], object]

AS_IT_IS: Final[Mapping[GraphQLNamedType, str]] = {
    GraphQLString: "type({v} := {reading}) is str",
    GraphQLID: "type({v} := {reading}) is str",
    GraphQLBoolean: "type({v} := {reading}) is bool",
    GraphQLInt: "type({v} := {reading}) is int and -2147483648 <= {v} <= 2147483647",
}
PLAIN: Final = frozenset({str, bool, int, float, datetime, dict, list})
Value: TypeAlias = tuple[str, str, str]
"""The name of a value, what gives it, and what stands for none."""


def leaf(typ: GraphQLOutputType, value: Value, source: Source) -> str:
    """Write a scalar or an enum: what is usual at once; what is not goes through the type's own function."""
    v, reading, null = value
    if not isinstance(typ, GraphQLScalarType | GraphQLEnumType):
        raise Bail
    coerced = f"{source.name(_coercion(typ))}({v})"
    if isinstance(typ, GraphQLEnumType):
        usual = f"{source.name(_names(typ))}.get({v} := {reading})"
        return f"({usual} or ({coerced} if {v} is not None else {null}))"
    if test := AS_IT_IS.get(typ):
        usual = test.format(v=v, reading=reading)
        return f"({v} if {usual} else {coerced} if {v} is not None else {null})"
    own, plain = source.name(typ.coerce_output_value), source.name(PLAIN)
    # What is falsy is coerced again, with every question asked.
    usual = f"{own}({v}) or {coerced}"
    return f"(({usual}) if type({v} := {reading}) in {plain} else {coerced} if {v} is not None else {null})"


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
