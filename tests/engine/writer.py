"""Writes valid documents over the graph, by chance."""

from random import Random
from typing import Any, TypeAlias

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
    is_leaf_type,
)

from tests.engine.questions import SCHEMA

Composite: TypeAlias = Any
GRAPH = SCHEMA._schema  # noqa: SLF001  # it has no public name
OPTIONS = {"odd": ["true", "$a"], "bad": ["true", "$b"], "mark": ['"?"', "null"], "length": ["3"]}
HEAD = "query Q($a: Boolean!, $b: Boolean!, $n: Int!)"
USE = "u1: __typename @skip(if: $a) u2: __typename @skip(if: $b) u3: account(n: $n) { id }"


class Writer:
    """Writes one document; the same seed, the same document."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311  # no secret
        self.fragments: list[str] = []
        self.names = 0

    def document(self) -> tuple[str, dict[str, object]]:
        """Write a document, with its variables."""
        body = self.selection(GRAPH.query_type, 5, most=3)
        variables: dict[str, object] = {
            "a": self.random.random() < 0.5,
            "b": self.random.random() < 0.5,
            "n": 3,
        }
        return f"{HEAD} {{ {USE} {body[1:-1]} }} " + " ".join(self.fragments), variables

    def name(self, prefix: str) -> str:
        """Make a name that is not taken."""
        self.names += 1
        return f"{prefix}{self.names}"

    def selection(self, typ: Composite, depth: int, most: int = 5) -> str:
        """Select some fields of a type."""
        chosen = [self.one(typ, depth) for _ in range(self.random.randint(1, most))]
        return "{ " + " ".join(chosen) + " }"

    def one(self, typ: Composite, depth: int) -> str:
        """Select a field, or some in a fragment."""
        roll = self.random.random()
        if roll < 0.12 and depth:
            narrow = self.narrower(typ)
            return f"... on {narrow.name}{self.condition()} {self.selection(narrow, depth - 1)}"
        if roll < 0.24 and depth and typ is not GRAPH.query_type:
            return self.spread(typ, depth)
        fields = getattr(typ, "fields", {})
        objects = [n for n, each in fields.items() if is_composite_type(get_named_type(each.type))]
        leaves = [n for n in fields if n not in objects] + ["__typename"]
        name = self.random.choice(objects if objects and depth and roll > 0.5 else leaves)
        return self.field(fields.get(name), name, depth)

    def field(self, field: GraphQLField | None, name: str, depth: int) -> str:
        """Select one field under an alias."""
        alias = self.name("f")
        if field is None:
            return f"{alias}: {name}{self.condition()}"
        kind = get_named_type(field.type)
        below = "" if is_leaf_type(kind) else self.selection(kind, depth - 1)
        given = [f"{key}: {self.argument(key)}" for key in field.args if self.random.random() < 0.5]
        arguments = f"({', '.join(given)})" if given else ""
        return f"{alias}: {name}{arguments}{self.condition()} {below}"

    def argument(self, key: str) -> str:
        """Write what an argument is given."""
        return self.random.choice(OPTIONS.get(key, ["2", "5", "$n"]))

    def condition(self) -> str:
        """Make a selection depend on something, now and then."""
        if self.random.random() > 0.15:
            return ""
        value = self.random.choice(["$a", "$b", "true", "false"])
        return f" @{self.random.choice(['skip', 'include'])}(if: {value})"

    def spread(self, typ: Composite, depth: int) -> str:
        """Select by a fragment, once or twice."""
        narrow, name = self.narrower(typ), self.name("F")
        body = self.selection(narrow, depth - 1)
        self.fragments.append(f"fragment {name} on {narrow.name} {body}")
        return " ".join(f"...{name}{self.condition()}" for _ in range(self.random.randint(1, 2)))

    def narrower(self, typ: Composite) -> Composite:
        """Choose the type, or one that it may be."""
        if isinstance(typ, GraphQLInterfaceType | GraphQLUnionType):
            return self.random.choice([*GRAPH.get_possible_types(typ), typ])
        return typ
