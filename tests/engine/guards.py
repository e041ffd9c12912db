"""Guards of the graph that both executors are asked about."""

from collections.abc import Awaitable, Collection
from inspect import isawaitable
from typing import Protocol, TypeAlias

import strawberry
from strawberry.extensions.field_extension import (
    AsyncExtensionResolver,
    FieldExtension,
    SyncExtensionResolver,
)

Denied: TypeAlias = Collection[str] | None
Info: TypeAlias = strawberry.Info[Denied, None]


class Refused(Exception):
    """An expected no."""


class Guarded(Protocol):
    """What a guard is asked about."""

    denied: tuple[str, ...]


class Guard(FieldExtension):
    """Asks the object, and the request, whether a field may be read."""

    def __init__(self, word: str) -> None:
        self.word = word

    def check(self, source: Guarded, context: Denied) -> None:
        """Refuse, or say nothing."""
        if self.word in source.denied or self.word in (context or ()):
            raise Refused(f"{self.word} is denied")

    def resolve(
        self, next_: SyncExtensionResolver, source: Guarded, info: Info, **arguments: object
    ) -> object:
        """Check, then read."""
        self.check(source, info.context)
        return next_(source, info, **arguments)

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: Guarded, info: Info, **arguments: object
    ) -> object:
        """Check, then fetch."""
        self.check(source, info.context)
        answer: Awaitable[object] | object = next_(source, info, **arguments)
        return await answer if isawaitable(answer) else answer


class Loud(FieldExtension):
    """An extension that compiled code cannot know: it changes what is read."""

    def resolve(
        self, next_: SyncExtensionResolver, source: object, info: Info, **arguments: object
    ) -> object:
        """Read, and raise the voice."""
        return str(next_(source, info, **arguments)).upper()


MEMBER, SECRET = Guard("member"), Guard("secret")
