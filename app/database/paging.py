"""Reading lists by keyset: pages of one parent, or of many parents in one statement."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final, TypeAlias, cast

from tortoise import Model
from tortoise.expressions import Q, RawSQL
from tortoise.functions import Count
from tortoise.queryset import QuerySet, ValuesQuery

from app.database import current
from app.database.loops import Nests
from app.database.pages import Order, Page, Slice, cursor_of, cut, place_of
from app.database.prepared import NUMBER, Prepared, written
from app.database.statements import Row
from app.kit.cursors import Value
from app.kit.frozen import frozen

__all__ = ["Listing", "Order", "Page", "Rows", "Slice", "cursor_of", "place_of", "where"]

Rows: TypeAlias = QuerySet[Any]
RANK: Final = "by.rank"


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A list: which rows, in which order, what of each; `parent` is the field that tells whose list a row is in.

    Lists of one `shape` differ in nothing but their order; None is the shape of no other. `nests` is for prepared ones,
    `edges` are the pages with which the list begins and ends, once they were prepared, whosever list it is.
    """

    source: Rows | Callable[[], Rows]
    order: Order
    columns: dict[str, str]
    parent: str | None = None
    shape: Hashable = None
    owner: str | None = None
    nests: Nests = field(default_factory=dict)
    edges: dict[bool, Prepared] = field(default_factory=dict)

    @property
    def rows(self) -> Rows:
        """The rows as Tortoise knows them; a list that is kept makes them anew, for they know their database."""
        return self.source if isinstance(self.source, QuerySet) else self.source()

    def of(self, parent: str) -> "Listing":
        """Keep the rows of one parent."""
        return Listing(
            *(self.source, self.order, self.columns, self.parent, self.shape, parent, self.nests),
            edges=self.edges,
        )

    def without(self, columns: frozenset[str]) -> "Listing":
        """Leave columns out that nobody asks for; a list that is kept is kept so, too."""
        return _without(self, columns) if columns else self

    async def read(self, page: Page) -> Slice:
        """Read a page of the whole; one with which a parent's list begins or ends is prepared, if it has a shape."""
        if self.owner is None or self.shape is None or page.after or page.before:
            return cut(await self.written(page), page)
        edge = self.edges.get(page.backwards)
        if edge is None:
            shape = _Shape((self.shape, self.order), self, backwards=page.backwards)
            edge = self.edges[page.backwards] = _edge(shape)
        return cut(await edge.rows(parent=self.owner, limit=page.limit + 1), page)

    def written(self, page: Page) -> ValuesQuery[Any]:
        """Write what reads a page, and one row more."""
        wanted = self._between(page).order_by(*self._sorting(page)).limit(page.limit + 1)
        return wanted.values(**self._columns)

    async def read_each(self, page: Page, parents: Sequence[str]) -> dict[str, Slice]:
        """Read the same page for every parent: one statement, however many there are."""
        if len(parents) == 1:
            return {parents[0]: await self.of(parents[0]).read(page)}
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for row in await self._numbered(page, parents):
            found[row["by.parent"]].append(row)
        return {parent: cut(found[parent], page) for parent in parents}

    async def count(self) -> int:
        """Count the whole."""
        return await self._own.count()

    async def count_each(self, parents: Sequence[str]) -> dict[str, int]:
        """Count the rows of every parent, in one statement."""
        of_them = self.rows.filter(**{f"{self.parent}__in": parents})
        counted = of_them.annotate(number=Count("id")).group_by(str(self.parent))
        rows: Sequence[Row] = await counted.values(str(self.parent), "number")
        numbers = {row[str(self.parent)]: row["number"] for row in rows}
        return {parent: numbers.get(parent, 0) for parent in parents}

    @property
    def _own(self) -> Rows:
        return self.rows.filter(**{str(self.parent): self.owner}) if self.owner else self.rows

    @property
    def _columns(self) -> dict[str, str]:
        hidden = [field for field in self.order.fields if self.columns.get(field) != field]
        return {**self.columns, **{f"by.{field}": field for field in hidden}}

    def _sorting(self, page: Page) -> list[str]:
        sign = "-" if self.order.descending is not page.backwards else ""
        return [f"{sign}{field}" for field in self.order.fields]

    def _between(self, page: Page) -> Rows:
        rows = self._own
        if page.after is not None:
            rows = rows.filter(self._beyond(page.after, descending=self.order.descending))
        if page.before is not None:
            rows = rows.filter(self._beyond(page.before, descending=not self.order.descending))
        return rows

    def _beyond(self, place: tuple[Value, ...], *, descending: bool) -> Q:
        # Only the bounded form, `a <= x AND (a < x OR id < y)`, lets the database use its index.
        strictly = "lt" if descending else "gt"
        first, last = self.order.fields[0], self.order.fields[-1]
        if first == last:
            return where(**{f"id__{strictly}": place[0]})
        bound = where(**{f"{first}__{strictly}e": place[0]})
        beyond = where(**{f"{first}__{strictly}": place[0]})
        return bound & (beyond | where(**{f"id__{strictly}": place[1]}))

    async def _numbered(self, page: Page, parents: Sequence[str]) -> list[Row]:
        model: type[Model] = self.rows.model
        number = RawSQL(
            f"ROW_NUMBER() OVER (PARTITION BY {_column(model, str(self.parent))} ORDER BY {self._window(page)})"
        )
        every = (
            self._between(page).filter(**{f"{self.parent}__in": parents}).annotate(**{RANK: number})
        )
        query = every.values(**self._columns, **{"by.parent": str(self.parent), RANK: RANK})
        sql, values = written(query)
        mark = "?" if current.dialect() == "sqlite" else f"${len(values) + 1}"
        text = f'SELECT * FROM ({sql}) page WHERE "{RANK}" <= {mark} ORDER BY "{RANK}"'  # noqa: S608
        rows = await current.connection().execute_query_dict(text, [*values, page.limit + 1])
        return [_converted(query, row) for row in rows]

    def _window(self, page: Page) -> str:
        way = "DESC" if self.order.descending is not page.backwards else "ASC"
        return ", ".join(f"{_column(self.rows.model, field)} {way}" for field in self.order.fields)


@lru_cache(maxsize=256)
def _without(listing: Listing, columns: frozenset[str]) -> Listing:
    kept = {name: field for name, field in listing.columns.items() if name not in columns}
    shape = None if listing.shape is None else (listing.shape, columns)
    return replace(listing, columns=kept, shape=shape, edges={})


@frozen
class _Shape:
    key: Hashable
    listing: Listing = field(compare=False)
    backwards: bool = field(kw_only=True)


@lru_cache(maxsize=256)
def _edge(shape: _Shape) -> Prepared:
    """Prepare the page with which the list of any parent begins, or ends."""
    listing = shape.listing

    def build(parent: str, limit: int) -> ValuesQuery[Any]:
        return listing.of(parent).written(Page(limit - 1, backwards=shape.backwards))

    return Prepared(
        build, listing.nests, parent=(listing.rows.model, str(listing.parent)), limit=NUMBER
    )


def where(**conditions: object) -> Q:
    """Write conditions that are named at run time."""
    return Q(**cast("dict[str, Any]", conditions))


def _column(model: type[Model], field: str) -> str:
    return f'"{model._meta.db_table}"."{model._meta.fields_db_projection[field]}"'  # noqa: SLF001


def _converted(query: ValuesQuery[Any], row: Row) -> Row:
    fields = query._fields_for_select  # noqa: SLF001
    convert = query.resolve_to_python_value
    return {
        name: value if name == RANK else convert(query.model, fields[name])(value)
        for name, value in row.items()
    }
