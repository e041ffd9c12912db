"""Questions about everything: each field of each type, along every way that leads to it, out of the schema."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, TypeAlias

from graphql import (
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from tests.walk import arguments
from tests.walk.arguments import Filling, Way

DEPTH: Final = 5
SHALLOW: Final = 1
MOST_FIELDS: Final = 250
Trail: TypeAlias = tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """A field of a root, all that can be selected below it, and the ways to fill its arguments."""

    kind: str
    name: str
    head: str
    call: str
    trails: Sequence[Trail]
    ways: Sequence[Way]

    def documents(self) -> list["Question"]:
        """Take a long question apart."""
        starts = range(0, len(self.trails), MOST_FIELDS)
        return [self.part(slice(start, start + MOST_FIELDS)) for start in starts]

    def halves(self) -> list["Question"]:
        """Take a question in two, as fields of one name and of two types do not go together."""
        middle = len(self.trails) // 2
        return [self.part(slice(middle)), self.part(slice(middle, None))]

    def part(self, which: slice) -> "Question":
        """Ask for a part only."""
        trails = self.trails[which]
        return Question(self.kind, self.name, self.head, self.call, trails, self.ways)

    @cached_property
    def document(self) -> str:
        """Write it; the arguments are variables, so that a document is parsed once for all of them."""
        return f"{self.kind} {self.head} {{ {self.call} {_selection(self.trails)} }}"


@dataclass(frozen=True, slots=True)
class Questions:
    """Writes questions about one schema, with arguments filled in one way."""

    graph: GraphQLSchema
    filling: Filling
    asked: set[tuple[str, str]] = field(default_factory=set)  # types and their fields

    def queries(self) -> Iterator[Question]:
        """Ask every field of the query type for everything below it."""
        for name, item in _fields(self.graph.query_type):
            home = get_named_type(item.type)
            is_one = str(item.type) == home.name
            # A single object of any kind is only looked up: the list of them goes on from there.
            depth = SHALLOW if is_one and is_abstract_type(home) else DEPTH
            yield from self._question("query", name, item, depth).documents()

    def mutations(self) -> Iterator[Question]:
        """Try every mutation."""
        for name, item in _fields(self.graph.mutation_type):
            yield self._question("mutation", name, item, SHALLOW)

    def subscriptions(self) -> Iterator[Question]:
        """Open every stream."""
        for name, item in _fields(self.graph.subscription_type):
            yield self._question("subscription", name, item, SHALLOW)

    def _question(self, kind: str, name: str, item: GraphQLField, depth: int) -> Question:
        home = get_named_type(item.type)
        ways = self.filling.ways(item.args, home.name)
        named = {each: str(item.args[each].type) for way in ways for each in way}
        head = ", ".join(f"${each}: {type}" for each, type in named.items())
        call = ", ".join(f"{each}: ${each}" for each in named)
        trails = [()] if is_leaf_type(home) else list(self._trails(home, depth))
        return Question(
            kind,
            name,
            f"({head})" if head else "",
            f"{name}({call})" if call else name,
            trails,
            ways,
        )

    def _trails(self, kind: GraphQLNamedType, depth: int, met: Trail = ()) -> Iterator[Trail]:
        """List the ways to the leaves; on a way, a type that was met before is not gone through again."""
        if is_abstract_type(kind):
            for each in self.graph.get_possible_types(kind):
                for trail in self._trails(each, depth, met):
                    yield (f"... on {each.name}", *trail)
            return
        assert isinstance(kind, GraphQLObjectType)
        yield ("__typename",)
        for name, item in kind.fields.items():
            inner = get_named_type(item.type)
            way = self.filling.ways(item.args, inner.name)[0]
            step = f"{name}{arguments.written(way)}"
            if is_leaf_type(inner):
                self.asked.add((kind.name, name))
                yield (step,)
            elif depth > 0 and kind.name not in met:
                for trail in self._trails(inner, depth - 1, (*met, kind.name)):
                    yield (step, *trail)


def _fields(root: GraphQLObjectType | None) -> list[tuple[str, GraphQLField]]:
    return list(root.fields.items()) if root else []


def _selection(trails: Sequence[Trail]) -> str:
    """Write ways that begin alike as one selection."""
    below: dict[str, list[Trail]] = {}
    for first, *rest in filter(None, trails):
        below.setdefault(first, [])
        if rest:
            below[first].append(tuple(rest))
    fields = [f"{first} {_selection(rest)}" if rest else first for first, rest in below.items()]
    return f"{{ {' '.join(fields)} }}" if fields else ""
