"""What was compiled for an operation: kept with its document, dropped with it."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, TypeVar

from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    Node,
    OperationDefinitionNode,
    VariableNode,
)

from app.engine.alone import Alone
from app.engine.compiler import CONDITIONS, Rest
from app.engine.sources import Bail, Run

T = TypeVar("T")
Key: TypeAlias = tuple[Hashable, ...]

MOST_PLANS: Final = 256
MOST_FALLBACKS: Final = 20
SECOND_USE: Final = 2
UNCOMPILABLE: Final = (Bail, GraphQLError, SyntaxError, MemoryError, RecursionError)


@dataclass(slots=True)
class Plan:
    """One compiled function, and the fields that it leaves to graphql-core, or the one that it leaves."""

    run: Run | None
    rest: Rest = field(default_factory=dict)
    alone: Alone | None = None
    calls: int = 0
    fallbacks: int = 0

    def fell_back(self) -> None:
        """Count a value that the function could not complete; give up one that often cannot."""
        self.fallbacks += 1
        if self.fallbacks >= MOST_FALLBACKS and self.fallbacks * 10 >= self.calls:
            self.run = None


class Plans:
    """The plans of one operation of one schema; it keeps the nodes alive whose ids are its keys."""

    def __init__(
        self, operation: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]
    ) -> None:
        self.operation, self.fragments = operation, fragments
        roots: list[Node] = [operation, *fragments.values()]
        self.conditions = tuple(sorted({name for root in roots for name in _conditions(root)}))
        self.known: dict[Key, Plan | None] = {}
        self.roots: dict[Key, Alone | None] = {}
        self.uses = 0
        self.pattern: Any = None
        """What makes executors, as one that nobody asked anything."""

    def root(self, key: Key, look: Callable[[], Alone | None]) -> Alone | None:
        """Return the one field of the root, found at most once, from the operation's second use on."""
        return self._once(self.roots, key, look)

    def find(self, key: Key, write: Callable[[], Plan]) -> Plan | None:
        """Return a plan that still works, written at most once, from the operation's second use on."""
        plan = self._once(self.known, key, write)
        return plan if plan is not None and plan.run is not None else None

    def _once(self, known: dict[Key, T | None], key: Key, make: Callable[[], T | None]) -> T | None:
        if key in known:
            return known[key]
        if self.uses < SECOND_USE or len(known) >= MOST_PLANS:
            return None
        try:
            made = make()
        except UNCOMPILABLE:
            made = None
        known[key] = made
        return made


def _conditions(root: Node) -> Iterator[str]:
    """Yield the variables that @skip and @include ask; fragments are roots of their own."""
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        for directive in getattr(node, "directives", None) or ():
            if directive.name.value in CONDITIONS:
                asked = (argument.value for argument in directive.arguments or ())
                yield from (each.name.value for each in asked if isinstance(each, VariableNode))
        stack += getattr(node, "selections", ())
        if selection_set := getattr(node, "selection_set", None):
            stack.append(selection_set)
