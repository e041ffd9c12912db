"""A small graph."""

import asyncio
from collections.abc import AsyncIterator
from typing import TypeAlias

import strawberry
from strawberry.extensions.field_extension import AsyncExtensionResolver, FieldExtension

from tests.web.world import Caller, No

Info: TypeAlias = strawberry.Info[Caller, None]


@strawberry.type
class Person:
    """Somebody with a friend, who is themselves."""

    name: str

    @strawberry.field
    def friend(self) -> "Person":
        """Go one level deeper."""
        return self


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field
    def me(self) -> Person:
        """Answer an object."""
        return Person(name="Ann")

    @strawberry.field
    def hello(self, name: str = "you") -> str:
        """Answer a text with a text in it."""
        return f"Hello, {name}!"

    @strawberry.field
    def twice(self, number: int = 1) -> int:
        """Answer a number."""
        return number * 2

    @strawberry.field
    def thrice(self, number: strawberry.Maybe[int] = None) -> int:
        """Answer a number, if one was given."""
        return number.value * 3 if number else 0

    @strawberry.field
    async def secret(self, info: Info) -> str | None:
        """Answer what the caller brought."""
        return info.context.secret

    @strawberry.field
    async def waits(self, info: Info) -> bool:
        """Begin, and wait for the test."""
        info.context.world.has_begun.set()
        try:
            return await info.context.world.is_open.wait()
        finally:
            info.context.world.has_ended.set()

    @strawberry.field
    async def refused(self) -> str | None:
        """Say no."""
        raise No

    @strawberry.field
    def crash(self) -> str | None:
        """Fall."""
        raise ZeroDivisionError("the secret is 42")


@strawberry.type
class Mutation:
    """What can be changed."""

    @strawberry.mutation
    async def save(self, info: Info, text: str) -> str:
        """Begin, wait for the test, and save."""
        world = info.context.world
        world.has_begun.set()
        await world.is_open.wait()
        world.saved.append(text)
        info.context.response_headers = [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]
        return text


class Guard(FieldExtension):
    """Says no before there is a stream."""

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: object, info: Info, **kwargs: object
    ) -> object:
        """Refuse, unless an argument says to let pass."""
        if not kwargs["passes"]:
            raise No
        return next_(source, info, **kwargs)


@strawberry.type
class Subscription:
    """What can be followed."""

    @strawberry.subscription
    async def count(self, to: int = 2) -> AsyncIterator[int]:
        """Count, and complete."""
        for number in range(1, to + 1):
            yield number

    @strawberry.subscription
    async def ended(self) -> AsyncIterator[int]:
        """Say no in the middle."""
        yield 1
        raise No

    @strawberry.subscription
    async def closed(self) -> AsyncIterator[int]:
        """Say no at the start."""
        if self is None:  # there is no root: no event ever comes
            raise No
        yield 1

    @strawberry.subscription(extensions=[Guard()])  # type: ignore[untyped-decorator]
    async def guarded(self, *, passes: bool = False) -> AsyncIterator[int]:
        """Begin behind a guard."""
        yield 1

    @strawberry.subscription
    async def crashes(self) -> AsyncIterator[int]:
        """Fall in the middle."""
        yield 1
        raise ZeroDivisionError("the secret is 42")

    @strawberry.subscription
    async def forever(self, info: Info) -> AsyncIterator[int]:
        """Count to one, and wait."""
        try:
            yield 1
            await asyncio.Event().wait()
        finally:
            info.context.world.has_ended.set()


SCHEMA = strawberry.Schema(Query, Mutation, Subscription)
