"""Lists in pages (Relay cursor connections)."""

from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Final, Generic, Protocol, TypeAlias, TypeVar, cast

import strawberry

from app.database.paging import Listing, Order, Page, Slice, cursor_of, place_of
from app.database.statements import Row
from app.domain.refusals import InvalidInput
from app.kit.cursors import InvalidCursor, Value
from app.kit.frozen import frozen
from models.key import KeyField
from resolvers.context import Info, is_key
from resolvers.declare import costing, told, value

T = TypeVar("T")
Ahead: TypeAlias = Callable[[Sequence[Row]], Awaitable[None]]
MOST: int = 100
DEFAULT: int = 20
NO_CURSOR: Final = "This is no cursor of this list in this order."


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


class Placed(Protocol):
    """A page that knows its place."""

    place: Callable[[], PageInfo]


def place_in_list(self: Placed) -> PageInfo:
    """Where the page stands in its list."""
    return self.place()


@value
class Connection(Generic[T]):
    """A page of a list."""

    def _edges(self) -> list[Edge[T]]:
        pairs = zip(self.cursors(), self.nodes, strict=True)
        return [Edge(cursor=at, node=node) for at, node in pairs]

    nodes: list[T]
    edges: list[Edge[T]] = told(_edges)
    page_info: PageInfo = told(place_in_list)
    cursors: strawberry.Private[Callable[[], list[str]]]
    place: strawberry.Private[Callable[[], PageInfo]]
    counting: strawberry.Private[Callable[[], Awaitable[int]]]

    @costing(5)
    @told
    async def total_count(self) -> int | None:
        """How many there are in all; counted only when asked for."""
        return await self.counting()


@frozen
class Window:
    """Which part of a list a client wants: `first` behind `after`, or `last` before `before`."""

    first: int | None = None
    after: str | None = None
    last: int | None = None
    before: str | None = None

    def page(self, listing: Listing) -> Page:
        """Read the cursors of a list; `last` wins over a `first` that nobody gave."""
        backwards = self.last is not None
        limit = self.last if self.last is not None else self.first
        if limit is None:
            limit = DEFAULT
        if not 0 <= limit <= MOST:
            reason = f"Ask for 0 to {MOST} at once."
            raise InvalidInput(reason, "last" if backwards else "first")
        after = _place(listing, "after", self.after)
        return Page(limit, after, _place(listing, "before", self.before), backwards=backwards)


def _place(listing: Listing, name: str, cursor: str | None) -> tuple[Value, ...] | None:
    try:
        place = place_of(listing.order, cursor)
    except InvalidCursor as no:
        raise InvalidInput(NO_CURSOR, name) from no
    if place is not None and not is_key(_prefix(listing), str(place[-1])):
        raise InvalidInput(NO_CURSOR, name)
    return place


def _prefix(listing: Listing) -> str:
    key = cast("KeyField", listing.rows.model._meta.pk)  # noqa: SLF001  # it has no public name
    return key.prefix


async def connect(listing: Listing, window: Window, show: Callable[[Row], T]) -> Connection[T]:
    """Read a page of a list that has no parent."""
    page = await listing.read(window.page(listing))
    return connection(page, listing.order, show, listing.count)


@frozen
class Children:
    """A list that every parent has one of: all pages of one level of the answer are read together.

    `ahead` reads what the rows of a page speak of, before they are shown.
    """

    info: Info
    name: Hashable
    listing: Listing
    ahead: Ahead | None = None

    @property
    def is_alone(self) -> bool:
        """Whether there is but one parent: no list leads to the field."""
        return not any(isinstance(key, int) for key in self.info.path.as_list())

    async def of(self, parent: str, window: Window, show: Callable[[Row], T]) -> Connection[T]:
        """Read a parent's page, with those of all other parents that are asked for now."""
        page, listing = window.page(self.listing), self.listing
        if self.is_alone:
            mine = listing.of(parent)
            found = await self._met(await mine.read(page))
            return connection(found, mine.order, show, mine.count)

        async def load(parents: list[str]) -> Sequence[Slice]:
            slices = await listing.read_each(page, parents)
            return [slices[parent] for parent in parents]

        found = await self._met(
            await self.info.context.loader((self.name, page), load).load(parent)
        )
        return connection(found, listing.order, show, lambda: self._count(parent))

    async def _met(self, found: Slice) -> Slice:
        if self.ahead is not None:
            await self.ahead(found.rows)
        return found

    async def _count(self, parent: str) -> int:
        async def load(parents: list[str]) -> Sequence[int]:
            numbers = await self.listing.count_each(parents)
            return [numbers[parent] for parent in parents]

        return await self.info.context.loader((self.name, "count"), load).load(parent)


def connection(
    page: Slice, order: Order, show: Callable[[Row], T], counting: Callable[[], Awaitable[int]]
) -> Connection[T]:
    """Show a page."""
    return Connection(
        nodes=[show(row) for row in page.rows],
        place=lambda: page_info(page, order),
        cursors=lambda: cursors_of(page, order),
        counting=counting,
    )


def cursors_of(page: Slice, order: Order) -> list[str]:
    """Mark the place of every row."""
    return [cursor_of(order, row) for row in page.rows]


def page_info(page: Slice, order: Order) -> PageInfo:
    """Say where a page stands."""
    rows = page.rows
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=cursor_of(order, rows[0]) if rows else None,
        end_cursor=cursor_of(order, rows[-1]) if rows else None,
    )
