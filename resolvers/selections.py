"""What a document asks for below a field, so that no more is read than that."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from graphql import FieldNode, FragmentDefinitionNode, FragmentSpreadNode, Node

from resolvers.context import Info

MOST_KNOWN: Final = 512
KNOWN: Final[dict[tuple[int, ...], tuple[tuple[Node, ...], frozenset[str]]]] = {}
"""Nodes of documents that are in use, by their ids, and the names of the fields below; it keeps the nodes alive."""


def asks_for(info: Info, name: str) -> bool:
    """Whether a field of this name is selected anywhere below the one that is resolved."""
    return name in names_below(info)


class Spare(dict[str, str]):
    """Columns that are read for one field only: the name of each, with that of the field."""

    def __init__(self, columns: Mapping[str, str]) -> None:
        super().__init__(columns)
        self.among = lru_cache(maxsize=MOST_KNOWN)(self._among)

    def _among(self, names: frozenset[str]) -> frozenset[str]:
        """Name the columns that nothing of so many fields shows."""
        return frozenset(column for column, field in self.items() if field not in names)


def unasked(info: Info, spare: Spare) -> frozenset[str]:
    """Name the columns for which no field is selected below the one that is resolved."""
    return spare.among(names_below(info))


def names_below(info: Info) -> frozenset[str]:
    """Name the fields that are selected anywhere below the one that is resolved."""
    raw = info._raw_info  # noqa: SLF001  # Strawberry's own list of selections is made anew each time
    nodes = tuple(raw.field_nodes)
    key = tuple(map(id, nodes))
    known = KNOWN.get(key)
    if known is None:
        if len(KNOWN) >= MOST_KNOWN:
            KNOWN.clear()
        known = KNOWN[key] = nodes, _names(nodes, raw.fragments)
    return known[1]


def _names(
    nodes: Sequence[Node], fragments: Mapping[str, FragmentDefinitionNode]
) -> frozenset[str]:
    stack: list[Node] = list(nodes)
    names: set[str] = set()
    spread: set[str] = set()
    while stack:
        node = stack.pop()
        if isinstance(node, FieldNode):
            names.add(node.name.value)
        if isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
            spread.add(node.name.value)
            stack.append(fragments[node.name.value])
        if selection_set := getattr(node, "selection_set", None):
            stack += selection_set.selections
    return frozenset(names)
