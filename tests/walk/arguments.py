"""Arguments for every field, by their types and names, out of what is known of Acme."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, cast

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNamedInputType,
    GraphQLNonNull,
    get_named_type,
    is_required_argument,
    is_required_input_field,
)

PAST: Final = "2000-01-01T00:00:00Z"
FUTURE: Final = "2100-01-01T00:00:00Z"
SCALARS: Final[Mapping[str, object]] = {"Int": 50, "Float": 1.5, "Boolean": True, "JSON": {}}
MARKS: Final = {"after", "before", "last"}
MEANT: Final = {"actor": "User", "opener": "User", "target": "Ticket"}
MOST_OF_A_KIND: Final = 6

Typed: TypeAlias = GraphQLArgument | GraphQLInputField
Way: TypeAlias = dict[str, object]


class Word(str):
    """A value of an enumeration."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What a visitor may have come to know: ids by type, and words by the names of what they are typed into."""

    ids: Mapping[str, Sequence[str]]
    words: Mapping[str, Sequence[str]]

    def of(self, name: str, home: str) -> list[str]:
        """List ids for an argument: some of the kind that it means, and one of every other."""
        stem = name.removesuffix("Id")
        meant = home if name in {"id", "ids"} else MEANT.get(stem, stem[:1].upper() + stem[1:])
        others = [ids[0] for kind, ids in self.ids.items() if kind != meant]
        return [*self.ids.get(meant, ())[:MOST_OF_A_KIND], *others]


@dataclass(frozen=True, slots=True)
class Filling:
    """How arguments are filled, but for the marks of places in lists: one by one, or all."""

    known: Known
    everything: bool

    def ways(self, typed: Mapping[str, Typed], home: str) -> list[Way]:
        """Fill arguments: all at once; or the required ones, and each of the others alone."""
        choices = {
            name: list(self._choices(item.type, name, home))
            for name, item in typed.items()
            if name not in MARKS
        }
        if self.everything:
            return [{name: options[0] for name, options in choices.items()}]
        first: Way = {name: choices[name][0] for name in choices if _is_required(typed[name])}
        return [
            first,
            *(
                {**first, name: option}
                for name, options in choices.items()
                for option in options
                if first.get(name) != option
            ),
        ]

    def _choices(self, kind: GraphQLInputType, name: str, home: str) -> Iterator[object]:
        match kind:
            case GraphQLNonNull():
                yield from self._choices(kind.of_type, name, home)
            case GraphQLList():
                item = cast("GraphQLNamedInputType", get_named_type(kind))
                yield self._list(item, name, home)
            case GraphQLInputObjectType():
                yield from self._objects(kind, home)
            case GraphQLEnumType():
                yield Word(next(iter(kind.values)))
            case _:
                yield from self._scalars(str(kind), name, home)

    def _list(self, item: GraphQLNamedInputType, name: str, home: str) -> list[object]:
        if isinstance(item, GraphQLEnumType):
            return [Word(each) for each in item.values]
        if str(item) == "ID":
            return [id for ids in self.known.ids.values() for id in ids]
        return [next(self._choices(item, name, home))]

    def _objects(self, kind: GraphQLInputObjectType, home: str) -> Iterator[Way]:
        if not kind.is_one_of:
            yield from self.ways(kind.fields, home)
            return
        for name, field in kind.fields.items():
            yield {name: next(self._choices(field.type, name, home))}

    def _scalars(self, kind: str, name: str, home: str) -> Iterator[object]:
        if kind == "ID":
            yield from self.known.of(name, home)
        elif kind == "DateTime":
            yield PAST if name in {"since", "updatedSince"} else FUTURE
        elif kind in SCALARS:
            yield SCALARS[kind]
        else:
            yield from self.known.words.get(name, ["Something"])


def _is_required(item: Typed) -> bool:
    if isinstance(item, GraphQLArgument):
        return is_required_argument(item)
    return is_required_input_field(item)


def written(way: Way) -> str:
    """Write arguments into a document: `(first: 50, filter: {status: [OPEN]})`."""
    inside = ", ".join(f"{name}: {_literal(value)}" for name, value in way.items())
    return f"({inside})" if way else ""


def _literal(value: object) -> str:
    match value:
        case Word():
            return str(value)
        case list():
            return f"[{', '.join(map(_literal, value))}]"
        case dict():
            return f"{{{', '.join(f'{name}: {_literal(each)}' for name, each in value.items())}}}"
        case _:
            return json.dumps(value)


def words_of(owner: str, number: str, secret: str) -> dict[str, list[str]]:
    """Name what strangers type where: the owner's address, a ticket's number, a secret that is none."""
    return {
        "email": [owner, "someone@y.example"],
        "number": [number],
        "token": [secret],
        "password": ["battery staple correct"],
        "search": ["q"],
        "locale": ["de"],
        "timeZone": ["Europe/Vienna"],
        "ip": ["127.0.0.1"],
    }
