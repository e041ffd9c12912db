"""How large a document may be once its fragments are spread: one walk, with a memo per fragment."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, Self

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
)

from app.engine.codes import Code, refused
from app.kit.frozen import frozen

BEYOND_ANY_LIMIT = 1_000_000_000
FRAGMENTS_PER_FIELD = 4


@frozen
class Limits:
    """The most a request may ask for; counts are of the document with every fragment spread.

    `values` is what an answer may hold, by `app.engine.costs`; `page` is what a list gives at most.
    """

    depth: int = 15
    aliases: int = 50
    root_fields: int = 20
    fields: int = 2_000
    tokens: int = 3_000
    characters: int = 250_000
    body_bytes: int = 1_048_576
    values: int = 100_000
    page: int = 100
    seconds: float = 30.0


class Size(NamedTuple):
    """What a selection set comes to; `nesting` counts fragments, too, `depth` fields alone."""

    depth: int = 0
    nesting: int = 0
    roots: int = 0
    fields: int = 0
    aliases: int = 0

    def beside(self, other: Self) -> "Size":
        """Add what stands next to it; sums stop growing, for doubling fragments double them."""
        return Size(
            max(self.depth, other.depth),
            max(self.nesting, other.nesting),
            min(self.roots + other.roots, BEYOND_ANY_LIMIT),
            min(self.fields + other.fields, BEYOND_ANY_LIMIT),
            min(self.aliases + other.aliases, BEYOND_ANY_LIMIT),
        )

    def under(self, field: FieldNode) -> "Size":
        """Put it below a field; introspection has its own rule about depth."""
        depth = 0 if field.name.value.startswith("__") else self.depth
        aliases = self.aliases + (field.alias is not None)
        return Size(depth + 1, self.nesting + 1, 1, self.fields + 1, aliases)


NOTHING = Size()


def beyond(document: DocumentNode, limits: Limits) -> list[GraphQLError]:
    """Say which operations of a document are too large, in time linear in the document."""
    fragments = {
        definition.name.value: definition.selection_set
        for definition in document.definitions
        if isinstance(definition, FragmentDefinitionNode)
    }
    memo: dict[str, Size] = {}
    for name in _innermost_first(fragments):
        memo[name] = _size(fragments[name], memo)
    return [
        error
        for definition in document.definitions
        if isinstance(definition, OperationDefinitionNode)
        for error in _errors(_size(definition.selection_set, memo), definition, limits)
    ]


def _innermost_first(fragments: Mapping[str, SelectionSetNode]) -> Iterator[str]:
    # Without recursion: a chain of fragments can be longer than the stack. A spread that closes
    # a cycle is left out here, and refused by the validation.
    met: set[str] = set()
    for outermost in fragments:
        path = [(outermost, _spreads(fragments[outermost]))] if outermost not in met else []
        met.add(outermost)
        while path:
            name, spreads = path[-1]
            inner = next((spread for spread in spreads if spread not in met), None)
            if inner is None:
                path.pop()
                yield name
            elif inner in fragments:
                met.add(inner)
                path.append((inner, _spreads(fragments[inner])))


def _spreads(selections: SelectionSetNode) -> Iterator[str]:
    waiting = [selections]
    while waiting:
        for selection in waiting.pop().selections:
            if isinstance(selection, FragmentSpreadNode):
                yield selection.name.value
            elif inner := _inside(selection):
                waiting.append(inner)


def _inside(selection: SelectionNode) -> SelectionSetNode | None:
    if isinstance(selection, FieldNode | InlineFragmentNode):
        return selection.selection_set
    return None


def _size(selections: SelectionSetNode, memo: Mapping[str, Size]) -> Size:
    total = NOTHING
    for selection in selections.selections:
        inner = _inside(selection)
        size = _size(inner, memo) if inner else NOTHING
        if isinstance(selection, FieldNode):
            size = size.under(selection)
        elif isinstance(selection, FragmentSpreadNode):
            size = memo.get(selection.name.value, NOTHING)
            size = size._replace(nesting=size.nesting + 1)
        total = total.beside(size)
    return total


def _errors(
    size: Size, operation: OperationDefinitionNode, limits: Limits
) -> Iterator[GraphQLError]:
    counted = {
        "fields": (size.fields, limits.fields),
        "aliases": (size.aliases, limits.aliases),
        "fields at the top": (size.roots, limits.root_fields),
    }
    if size.depth > limits.depth or size.nesting > limits.depth * FRAGMENTS_PER_FIELD:
        message = f"The operation is nested too deeply; {limits.depth} levels are allowed."
        yield refused(Code.QUERY_TOO_DEEP, message, [operation])
    for what, (count, most) in counted.items():
        if count > most:
            message = f"The operation has too many {what}, fragments included; {most} are allowed."
            yield refused(Code.QUERY_TOO_COMPLEX, message, [operation])
