"""The text of a compiled function while it is written, and the objects that it names."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from types import MethodType
from typing import Final, TypeAlias, cast

from graphql.execution.values import VariableValues

Memory: TypeAlias = dict[tuple[int, int], tuple[object, object]]
"""Objects that were met in a list, by where and by their id, with what came of them; it keeps them alive."""
Run: TypeAlias = Callable[[object, VariableValues, object, Memory], object]
"""Completes a value, given the operation's variables, the request's context and a memory of its own."""

MOST_VALUES: Final = 2_000
DEEPEST: Final = 25
MOST_KEPT: Final = 1_024


class Bail(Exception):
    """Not for compiled code: graphql-core decides what the answer or the error is."""


def bail() -> None:
    """Leave a compiled function."""
    raise Bail


def keep(memory: Memory, key: tuple[int, int], value: object, answer: object) -> object:
    """Remember what came of an object."""
    memory[key] = value, answer
    return answer


class Source:
    """Names for what an expression speaks of: every value has one of its own, the same object always the same.

    `peeks`: a field that is fetched may be answered by its object, if that happens to know.
    """

    def __init__(self) -> None:
        self.objects: dict[str, object] = {"bail": bail, "keep": keep}
        self.names: dict[Hashable, str] = {}
        self.values = self.depth = 0
        self.peeks = True

    def name(self, thing: object) -> str:
        """Name an object; a method, which is made anew whenever it is read, is known by what it is a method of."""
        key = thing if isinstance(thing, MethodType) else id(thing)
        if key not in self.names:
            name = self.names[key] = f"g{len(self.objects)}"
            self.objects[name] = thing
        return self.names[key]

    def value(self) -> str:
        """Name a value, as long as the function stays of a reasonable size."""
        self.values += 1
        if self.values > MOST_VALUES:
            raise Bail
        return f"v{self.values}"

    def remembered(self, v: str, expression: str) -> str:
        """Evaluate an expression once for each object: the authors of a page are a few, who say most of it."""
        k = self.value()
        key = f"({self.values}, id({v}))"
        return f"(M[{k}][1] if ({k} := {key}) in M else keep(M, {k}, {v}, {expression}))"

    def kept(self, expression: str, argument: str) -> str:
        """Name a function of one thing that never changes, whose answers are remembered."""
        function = eval(f"lambda {argument}: {expression}", self.objects)  # noqa: S307  # as in `function`
        return self.name(lru_cache(maxsize=MOST_KEPT)(function))

    def descend(self) -> None:
        """Go one level deeper into the answer, as long as a function may nest so deep."""
        if self.depth >= DEEPEST:
            raise Bail
        self.depth += 1

    def ascend(self) -> None:
        """Come back."""
        self.depth -= 1

    def function(self, expression: str, argument: str) -> Run:
        """Make a function of an expression: names are ours, texts in it were written by `repr`."""
        text = f"lambda {argument}, V, C, M: {expression}"
        return cast("Run", eval(text, self.objects))  # noqa: S307
