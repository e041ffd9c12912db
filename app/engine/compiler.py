"""Writes one function for what a selection reads of a type: attributes, guards and pure methods.

It is one expression, for speed: `{"id": v2 if type(v2) is str else …, "author": …}`. What it cannot do, it leaves
by raising Bail: while it is written, so that it never exists, or while it runs, so that graphql-core answers.
"""

from collections.abc import Callable
from typing import Final, TypeAlias

from graphql import (
    GraphQLAbstractType,
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import CollectedFields, FieldDetails, FieldDetailsList
from strawberry.types.base import StrawberryObjectDefinition

from app.engine.leaves import leaf
from app.engine.reading import DEFINITION, guards, is_attribute, read
from app.engine.sources import Bail, Run, Source

Collect: TypeAlias = Callable[[GraphQLObjectType, FieldDetailsList], CollectedFields]
Rest: TypeAlias = dict[str, FieldDetailsList]

SEQUENCES: Final = frozenset({list, tuple})
CONDITIONS: Final = frozenset({"skip", "include"})


class Compiler:
    """Compiles for one schema; `collect` merges the selections below a field, as graphql-core does."""

    def __init__(self, schema: GraphQLSchema, collect: Collect) -> None:
        self.schema, self.collect = schema, collect
        self.source = Source()
        self.lists = 0

    def whole(self, typ: GraphQLOutputType, group: FieldDetailsList) -> Run:
        """Compile everything below a value, or bail."""
        return self.source.function(self._value(typ, "x", group), "x")

    def part(self, typ: GraphQLObjectType, group: FieldDetailsList) -> tuple[Run, Rest]:
        """Compile the fields that can be, with None in the place of the rest, which comes too."""
        self.source.peeks = False
        parts: dict[str, str] = {}
        asked: dict[str, None] = {}
        rest: Rest = {}
        for key, details in self._selected(typ, group).items():
            try:
                parts[key] = self._field(typ, "x", details, asked)
            except Bail:
                parts[key], rest[key] = "None", details
        if len(rest) == len(parts):
            raise Bail
        return self.source.function(_answer(parts, asked), "x"), rest

    def _value(
        self, typ: GraphQLOutputType, reading: str, group: FieldDetailsList, *, kept: bool = False
    ) -> str:
        """Complete what `reading` gives, which is evaluated once; `kept`: and no object more than once."""
        inner, null = typ, "None"
        if isinstance(typ, GraphQLNonNull):
            inner, null = typ.of_type, "bail()"
        v = self.source.value()
        if is_leaf_type(inner):
            return leaf(inner, (v, reading, null), self.source)
        present = self._present(inner, v, group)
        if kept and self.lists:
            present = self.source.remembered(v, present)
        return f"({present} if ({v} := {reading}) is not None else {null})"

    def _present(self, typ: GraphQLOutputType, v: str, group: FieldDetailsList) -> str:
        if isinstance(typ, GraphQLList):
            return self._list(typ, v, group)
        if isinstance(typ, GraphQLObjectType):
            return self._object(typ, v, group)
        if isinstance(typ, GraphQLInterfaceType | GraphQLUnionType):
            return self._one_of(typ, v, group)
        raise Bail

    def _list(self, typ: GraphQLList[GraphQLOutputType], v: str, group: FieldDetailsList) -> str:
        """Complete a list; a tuple of an enumeration, which is said again and again, once for all."""
        item = self.source.value()
        self.lists += 1
        each = self._value(typ.of_type, item, group)
        self.lists -= 1
        test = f"type({v}) in {self.source.name(SEQUENCES)}"
        whole = f"([{each} for {item} in {v}] if {test} else bail())"
        if isinstance(get_nullable_type(typ.of_type), GraphQLEnumType):
            words = self.source.kept(f"[{each} for {item} in {v}]", v)
            return f"({words}({v}) if type({v}) is tuple else {whole})"
        return whole

    def _object(self, typ: GraphQLObjectType, v: str, group: FieldDetailsList) -> str:
        """Complete an object; one that implements an interface must be of the very class."""
        fields = self._fields(typ, v, group)
        if typ.is_type_of is None:
            return fields
        return f"({fields} if type({v}) is {self.source.name(_class_of(typ))} else bail())"

    def _one_of(self, typ: GraphQLAbstractType, v: str, group: FieldDetailsList) -> str:
        """Complete a value of several possible types, found by its class."""
        if getattr(typ.extensions.get(DEFINITION), "resolve_type", None) is not None:
            raise Bail
        by_class: dict[type, Run] = {}
        for possible in self.schema.get_possible_types(typ):
            if _class_of(possible) in by_class:
                raise Bail
            w = self.source.value()
            by_class[_class_of(possible)] = self.source.function(
                self._fields(possible, w, group), w
            )
        return f"{self.source.name(by_class)}[type({v})]({v}, V, C, M)"

    def _fields(self, typ: GraphQLObjectType, v: str, group: FieldDetailsList) -> str:
        asked: dict[str, None] = {}
        selected = self._selected(typ, group)
        self.source.descend()
        try:
            parts = {key: self._field(typ, v, each, asked) for key, each in selected.items()}
        finally:
            self.source.ascend()
        return _answer(parts, asked)

    def _selected(self, typ: GraphQLObjectType, group: FieldDetailsList) -> Rest:
        collected = self.collect(typ, group)
        if collected.new_defer_usages:
            raise Bail
        return collected.grouped_field_set

    def _field(
        self, typ: GraphQLObjectType, v: str, details: FieldDetailsList, asked: dict[str, None]
    ) -> str:
        """Complete one field; its guards are added to those that are asked about the object."""
        if not all(map(_is_plain, details)):
            raise Bail
        node = details[0].node
        if node.name.value == "__typename":
            return repr(typ.name)
        field = typ.fields.get(node.name.value)
        if field is None:
            raise Bail
        kept = is_attribute(field, self.source) and not is_leaf_type(get_named_type(field.type))
        value = self._value(field.type, read(field, node, v, self.source), details, kept=kept)
        asked.update(dict.fromkeys(guards(field, v, self.source)))
        return value


def _answer(parts: dict[str, str], asked: dict[str, None]) -> str:
    """Build the answer once each guard, which answers None, was asked about the object."""
    answer = "{" + ", ".join(f"{key!r}: {part}" for key, part in parts.items()) + "}"
    checks = " ".join(f"{question} or" for question in asked)
    return f"({checks} {answer})" if checks else answer


def _is_plain(details: FieldDetails) -> bool:
    """Tell whether a selected field has no directive but @skip and @include, which are decided already."""
    if details.defer_usage is not None or details.fragment_variable_values is not None:
        return False
    return all(directive.name.value in CONDITIONS for directive in details.node.directives or ())


def _class_of(typ: GraphQLObjectType) -> type:
    """Find the class whose instances are of a type, unless the type has its own test."""
    definition = typ.extensions.get(DEFINITION)
    if not isinstance(definition, StrawberryObjectDefinition) or definition.is_type_of is not None:
        raise Bail
    return (definition.concrete_of or definition).origin
