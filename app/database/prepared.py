"""A queryset that Tortoise writes once, and that is run with other values each time.

Tortoise takes a millisecond to write the statement of a page, and PostgreSQL less to run it. What is kept is its text,
the places of the values in it, and how each column becomes what its field would make of it.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID

from tortoise import Model, fields
from tortoise.fields.base import Field
from tortoise.queryset import ValuesQuery

from app.database import current, riders
from app.database.loops import Make, Names, Nests, makers, select_once
from app.database.statements import Row

Build: TypeAlias = Callable[..., ValuesQuery[Any]]
Place: TypeAlias = tuple[type[Model], str] | Field[Any]
"""Where a value comes from: a column of a model, or a field of no model, as a limit is."""

NUMBER: Final[Field[int]] = fields.IntField()
EPOCH: Final = datetime(1901, 1, 1, tzinfo=UTC)
OTHERWISE: Final = 1_000


class Unpreparable(TypeError):
    """The statement depends on the values, or they cannot be told from it."""


class Statement:
    """The text for one dialect, how to bind it and what to make of its rows, alone or behind a rider's answer."""

    def __init__(
        self,
        sql: str,
        slots: Sequence[tuple[str | None, object]],
        kinds: Mapping[str, Field[Any]],
        makes: tuple[Make, Make],
    ) -> None:
        self.sql, self.slots = sql, slots
        self.kinds = {name: None if kind is NUMBER else kind for name, kind in kinds.items()}
        self.make, self.make_ridden = makes

    def bind(self, values: Mapping[str, object]) -> list[object]:
        """Put values in their places, as their fields store them."""
        stored = {
            name: kept(kind, values[name]) if kind else values[name]
            for name, kind in self.kinds.items()
        }
        if None in stored.values():
            raise Unpreparable("A statement for a value cannot ask for null.")
        return [stored[name] if name else value for name, value in self.slots]


class Prepared:
    """A statement that is written by Tortoise and run without it; each value is of a column or a field.

    `nests`: of which models the columns under a name are; `instance` finds them made already, of what was read.
    """

    def __init__(self, build: Build, nests: Nests | None = None, **places: Place) -> None:
        self.build, self.nests, self.places = build, nests or {}, places
        self.statements: dict[str, Statement] = {}

    async def rows(self, **values: object) -> list[Row]:
        """Read rows, in the transaction of the caller if there is one."""
        connection = current.connection()
        dialect: str = connection.capabilities.dialect
        statement = self.statements.get(dialect)
        if statement is None:
            statement = self.statements[dialect] = self._write(dialect)
        bound = statement.bind(values)
        rider = riders.waiting()
        if rider is None:
            return statement.make(await connection.select(statement.sql, bound))
        return statement.make_ridden(await rider.carry(statement.sql, bound))

    def _write(self, dialect: str) -> Statement:
        """Write the text twice, for other values each time, and find them among its parameters."""
        kinds = {name: _field(place) for name, place in self.places.items()}
        one, other = _samples(kinds, 0), _samples(kinds, OTHERWISE)
        query = self.build(**one)
        names, sql, found = _written_once(query)
        _, again, _ = _written_once(self.build(**other))
        stored = {_key(kept(kinds[name], value)): name for name, value in one.items()}
        slots = [(stored.get(_key(value)), value) for value in found]
        if sql != again or {name for name, _ in slots if name} != set(kinds):
            raise Unpreparable(sql, again, found)
        return Statement(sql, slots, kinds, makers(query, names, dialect, self.nests))


def written(query: ValuesQuery[Any]) -> tuple[str, list[object]]:
    """Let Tortoise write a query: its text, with its values."""
    _make(query)
    sql, values = query.query.get_parameterized_sql()
    return sql, values


def _written_once(query: ValuesQuery[Any]) -> tuple[Names, str, list[object]]:
    """Let Tortoise write it with each column once; where each name is found comes before the text."""
    _make(query)
    names = select_once(query)
    sql, values = query.query.get_parameterized_sql()
    return names, sql, values


def _make(query: ValuesQuery[Any]) -> None:
    query._choose_db_if_not_chosen()  # noqa: SLF001  # Tortoise has no public way to write without running
    query._make_query()  # noqa: SLF001  # the same


def kept(field: Field[Any], value: object) -> object:
    """Say how a field stores a value that belongs to no row."""
    return field.to_db_value(value, None)  # type: ignore[arg-type]  # no field of ours looks at the row


def _field(place: Place) -> Field[Any]:
    if isinstance(place, Field):
        return place
    model, column = place
    return model._meta.fields_map[column]  # noqa: SLF001  # it has no public name


def _samples(kinds: Mapping[str, Field[Any]], offset: int) -> dict[str, object]:
    return {name: _sample(kind, offset + i) for i, (name, kind) in enumerate(kinds.items(), 1)}


def _sample(field: Field[Any], number: int) -> object:
    """Make up a value that is seen nowhere else."""
    if isinstance(field, fields.UUIDField):
        return field.to_python_value(UUID(int=number))
    if isinstance(field, fields.DatetimeField):
        return EPOCH + timedelta(seconds=number)
    if field.field_type is int:
        return 1_900_000_000 + number
    if field.field_type is str:
        return f"\ue000{number}"
    raise Unpreparable(field.field_type)


def _key(value: object) -> tuple[str, Hashable]:
    """Make a parameter comparable with values of its own type only."""
    return type(value).__name__, value if isinstance(value, Hashable) else repr(value)
