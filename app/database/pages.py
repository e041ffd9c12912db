"""Parts of lists: in which order they come, where they begin, what was read of them."""

from collections.abc import Sequence
from datetime import datetime

from app.database.statements import Row
from app.kit import cursors
from app.kit.cursors import Value
from app.kit.frozen import frozen


@frozen
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


@frozen
class Page:
    """A part of a list: the first `limit` rows behind a place, or the last ones before it."""

    limit: int
    after: tuple[Value, ...] | None = None
    before: tuple[Value, ...] | None = None
    backwards: bool = False


@frozen
class Slice:
    """The rows of a page in the list's order, and whether there is more on either side."""

    rows: Sequence[Row]
    has_next: bool = False
    has_previous: bool = False


def place_of(order: Order, cursor: str | None) -> tuple[Value, ...] | None:
    """Read a cursor of a list in this order; InvalidCursor for any other."""
    return None if cursor is None else tuple(cursors.read(order.label, cursor, order.kinds))


def cursor_of(order: Order, row: Row) -> str:
    """Mark the place of a row."""
    return cursors.write(order.label, [_mark(row, field) for field in order.fields])


def _mark(row: Row, field: str) -> Value:
    """Take what a row is sorted by: a column of its own, unless it is shown anyway, under its own name."""
    value: Value = row[mark] if (mark := f"by.{field}") in row else row[field]
    return value


def cut(rows: Sequence[Row], page: Page) -> Slice:
    """Make a slice of the rows that were read, of which there is one more if the list goes on."""
    kept, more = rows[: page.limit], len(rows) > page.limit
    if page.backwards:
        return Slice(kept[::-1], has_next=page.before is not None, has_previous=more)
    return Slice(kept, has_next=more, has_previous=page.after is not None)
