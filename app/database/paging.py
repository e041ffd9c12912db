"""Reading lists by keyset: pages of one parent, or of many parents in one statement."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, TypeAlias, cast

from tortoise import Model, connections
from tortoise.expressions import Q, RawSQL
from tortoise.functions import Count
from tortoise.queryset import QuerySet, ValuesQuery

from app.database.statements import Row
from app.kit import cursors
from app.kit.cursors import Value

Rows: TypeAlias = QuerySet[Any]
RANK: Final = "by.rank"


@dataclass(frozen=True, slots=True)
class Order:
    """By what a list is sorted: a field that is never null, then the key, which makes it unique."""

    name: str
    field: str
    kind: type = datetime
    descending: bool = False

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields sorted by; a list sorted by key has but one."""
        return ("id",) if self.field == "id" else (self.field, "id")

    @property
    def kinds(self) -> tuple[type, ...]:
        """The types of their values."""
        return (str,) if self.field == "id" else (self.kind, str)

    @property
    def label(self) -> str:
        """What a cursor says of its list, so that it is not taken for another's."""
        return f"{self.name} {self.field}{' desc' if self.descending else ''}"


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list: the first `limit` rows behind a place, or the last ones before it."""

    limit: int
    after: tuple[Value, ...] | None = None
    before: tuple[Value, ...] | None = None
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of a page in the list's order, and whether there is more on either side."""

    rows: Sequence[Row]
    has_next: bool = False
    has_previous: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: which rows, in which order, what of each; `parent` is the field that tells whose list a row is in."""

    rows: Rows
    order: Order
    columns: dict[str, str]
    parent: str | None = None

    def of(self, parent: str) -> "Listing":
        """Keep the rows of one parent."""
        return replace(self, rows=self.rows.filter(**{str(self.parent): parent}))

    async def read(self, page: Page) -> Slice:
        """Read a page of the whole."""
        wanted = self._between(page).order_by(*self._sorting(page)).limit(page.limit + 1)
        return _slice(await wanted.values(**self._columns), page)

    async def read_each(self, page: Page, parents: Sequence[str]) -> dict[str, Slice]:
        """Read the same page for every parent: one statement, however many there are."""
        if len(parents) == 1:
            return {parents[0]: await self.of(parents[0]).read(page)}
        found: defaultdict[str, list[Row]] = defaultdict(list)
        for row in await self._numbered(page, parents):
            found[row["by.parent"]].append(row)
        return {parent: _slice(found[parent], page) for parent in parents}

    async def count(self) -> int:
        """Count the whole."""
        return await self.rows.count()

    async def count_each(self, parents: Sequence[str]) -> dict[str, int]:
        """Count the rows of every parent, in one statement."""
        of_them = self.rows.filter(**{f"{self.parent}__in": parents})
        counted = of_them.annotate(number=Count("id")).group_by(str(self.parent))
        rows: Sequence[Row] = await counted.values(str(self.parent), "number")
        numbers = {row[str(self.parent)]: row["number"] for row in rows}
        return {parent: numbers.get(parent, 0) for parent in parents}

    @property
    def _columns(self) -> dict[str, str]:
        return {**self.columns, **{f"by.{field}": field for field in self.order.fields}}

    def _sorting(self, page: Page) -> list[str]:
        sign = "-" if self.order.descending is not page.backwards else ""
        return [f"{sign}{field}" for field in self.order.fields]

    def _between(self, page: Page) -> Rows:
        rows = self.rows
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
        sql, values = _written(query)
        mark = (
            "?"
            if connections.get("default").capabilities.dialect == "sqlite"
            else f"${len(values) + 1}"
        )
        text = f'SELECT * FROM ({sql}) page WHERE "{RANK}" <= {mark} ORDER BY "{RANK}"'  # noqa: S608
        rows = await connections.get("default").execute_query_dict(text, [*values, page.limit + 1])
        return [_converted(query, row) for row in rows]

    def _window(self, page: Page) -> str:
        way = "DESC" if self.order.descending is not page.backwards else "ASC"
        return ", ".join(f"{_column(self.rows.model, field)} {way}" for field in self.order.fields)


def where(**conditions: object) -> Q:
    """Write conditions that are named at run time."""
    return Q(**cast("dict[str, Any]", conditions))


def place_of(order: Order, cursor: str | None) -> tuple[Value, ...] | None:
    """Read a cursor of a list in this order; InvalidCursor for any other."""
    return None if cursor is None else tuple(cursors.read(order.label, cursor, order.kinds))


def cursor_of(order: Order, row: Row) -> str:
    """Mark the place of a row."""
    return cursors.write(order.label, [row[f"by.{field}"] for field in order.fields])


def _slice(rows: Sequence[Row], page: Page) -> Slice:
    kept, more = rows[: page.limit], len(rows) > page.limit
    if page.backwards:
        return Slice(kept[::-1], has_next=page.before is not None, has_previous=more)
    return Slice(kept, has_next=more, has_previous=page.after is not None)


def _column(model: type[Model], field: str) -> str:
    return f'"{model._meta.db_table}"."{model._meta.fields_db_projection[field]}"'  # noqa: SLF001


def _written(query: ValuesQuery[Any]) -> tuple[str, list[Any]]:
    query._choose_db_if_not_chosen()  # noqa: SLF001  # no public way to have a queryset's SQL with its values
    query._make_query()  # noqa: SLF001
    sql, values = query.query.get_parameterized_sql()
    return sql, values


def _converted(query: ValuesQuery[Any], row: Row) -> Row:
    fields = query._fields_for_select  # noqa: SLF001
    convert = query.resolve_to_python_value
    return {
        name: value if name == RANK else convert(query.model, fields[name])(value)
        for name, value in row.items()
    }
