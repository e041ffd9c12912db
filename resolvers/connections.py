"""Lists in pages (Relay cursor connections)."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import strawberry

from app.database.paging import Listing, Order, Page, Slice, cursor_of, place_of
from app.database.statements import Row
from app.domain.refusals import InvalidInput
from app.kit.cursors import InvalidCursor, Value
from resolvers.context import Context
from resolvers.declare import told, value

T = TypeVar("T")
MOST: int = 100
DEFAULT: int = 20


@value
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@value
class Edge(Generic[T]):
    """An item, and its place in the list."""

    cursor: str
    node: T


@value
class Connection(Generic[T]):
    """A page of a list."""

    nodes: list[T]
    edges: list[Edge[T]]
    page_info: PageInfo
    counting: strawberry.Private[Callable[[], Awaitable[int]]]

    @told
    async def total_count(self) -> int | None:
        """How many there are in all; counted only when asked for."""
        return await self.counting()


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list a client wants: `first` behind `after`, or `last` before `before`."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    def page(self, order: Order) -> Page:
        """Read the cursors for a list in this order; `last` wins over a `first` that nobody gave."""
        backwards = self.last is not None
        limit = self.last if self.last is not None else self.first
        if limit is None:
            limit = DEFAULT
        if not 0 <= limit <= MOST:
            reason = f"Ask for 0 to {MOST} at once."
            raise InvalidInput(reason, "last" if backwards else "first")
        after = _place(order, "after", self.after)
        return Page(limit, after, _place(order, "before", self.before), backwards=backwards)


def _place(order: Order, name: str, cursor: str | None) -> tuple[Value, ...] | None:
    try:
        return place_of(order, cursor)
    except InvalidCursor as no:
        raise InvalidInput("This is no cursor of this list in this order.", name) from no


async def connect(listing: Listing, window: Window, show: Callable[[Row], T]) -> Connection[T]:
    """Read a page of a list that has no parent."""
    page = await listing.read(window.page(listing.order))
    return connection(page, listing.order, show, listing.count)


@dataclass(frozen=True, slots=True)
class Children:
    """A list that every parent has one of: all pages of one level of the answer are read together."""

    context: Context
    name: Hashable
    listing: Listing

    async def of(self, parent: str, window: Window, show: Callable[[Row], T]) -> Connection[T]:
        """Read a parent's page, with those of all other parents that are asked for now."""
        page, listing = window.page(self.listing.order), self.listing

        async def load(parents: list[str]) -> Sequence[Slice]:
            slices = await listing.read_each(page, parents)
            return [slices[parent] for parent in parents]

        found = await self.context.loader((self.name, page), load).load(parent)
        return connection(found, listing.order, show, lambda: self._count(parent))

    async def _count(self, parent: str) -> int:
        async def load(parents: list[str]) -> Sequence[int]:
            numbers = await self.listing.count_each(parents)
            return [numbers[parent] for parent in parents]

        return await self.context.loader((self.name, "count"), load).load(parent)


def connection(
    page: Slice, order: Order, show: Callable[[Row], T], counting: Callable[[], Awaitable[int]]
) -> Connection[T]:
    """Show a page."""
    nodes = [show(row) for row in page.rows]
    cursors = [cursor_of(order, row) for row in page.rows]
    return Connection(
        nodes=nodes,
        edges=[Edge(cursor=at, node=node) for at, node in zip(cursors, nodes, strict=True)],
        page_info=page_info(page, cursors),
        counting=counting,
    )


def page_info(page: Slice, cursors: Sequence[str]) -> PageInfo:
    """Say where a page stands."""
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=cursors[0] if cursors else None,
        end_cursor=cursors[-1] if cursors else None,
    )
