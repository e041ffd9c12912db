"""From what a driver gives to what a field makes of it, without the questions that its type has answered already."""

from collections.abc import Callable, Hashable
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, TypeAlias
from uuid import UUID

from tortoise import fields
from tortoise.fields.base import Field

Convert: TypeAlias = Callable[[Any], Any]

ROOM: Final = 8_192
RIGHT_ALREADY: Final = frozenset({str, int})
POSTGRES: Final = "postgres"
TABLES: Final[dict[Hashable, "Table"]] = {}


class Table(dict[Any, Any]):
    """What values become, by a key of each that `key` writes: quicker than a call, and forgotten when it is full."""

    def __init__(self, convert: Convert, key: str = "{}") -> None:
        super().__init__()
        self.convert, self.key = convert, key

    def __missing__(self, key: object) -> object:
        """Convert what was not met yet."""
        if len(self) >= ROOM:
            self.clear()
        made = self[key] = self.convert(key)
        return made


class OfBits(NamedTuple):
    """What is made of the bits of a UUID, for a key that is there in every row."""

    convert: Convert


Conversion: TypeAlias = Convert | Table | OfBits


def conversion(field: Field[Any], dialect: str, *, recurs: bool = True) -> Conversion | None:
    """Shorten a field's conversion; None where the driver's value is right already.

    Values that recur are converted once. A row's own key does not: remembering it would cost the others their place.
    """
    convert, is_postgres = field.to_python_value, dialect == POSTGRES
    if isinstance(field, fields.DatetimeField):
        return None if is_postgres else _moment(convert)
    if isinstance(field, fields.UUIDField):
        if recurs:
            return _table(field, is_postgres=is_postgres)
        of_bits: Convert | None = getattr(field, "of_bits", None)
        return OfBits(of_bits) if is_postgres and of_bits else convert
    if field.field_type is frozenset or getattr(field, "enum_type", None) is not None:
        return _table(field)
    is_usual = type(field).to_python_value is Field.to_python_value
    return None if is_usual and (is_postgres or field.field_type in RIGHT_ALREADY) else convert


def converted(value: str, convert: Conversion | None, things: dict[str, object]) -> str:
    """Write a conversion, if there is any; `things` gets what it names."""
    if convert is None:
        return value
    name = f"c{len(things)}"
    if isinstance(convert, OfBits):
        things[name] = convert.convert
        return f"{name}({value}.int)"
    things[name] = convert
    if isinstance(convert, Table):
        return f"({name}[{convert.key.format(value)}] if {value} is not None else None)"
    return f"{name}({value})"


def _table(field: Field[Any], *, is_postgres: bool = False) -> Table:
    """Keep one table for all columns of a kind; asyncpg's UUIDs are dearer to look up than their bytes."""
    kind = type(field), getattr(field, "prefix", None), getattr(field, "enum_type", None)
    if (kind, is_postgres) not in TABLES:
        convert = field.to_python_value
        TABLES[kind, is_postgres] = (
            Table(lambda raw: convert(UUID(bytes=raw)), "{}.bytes")
            if is_postgres
            else Table(convert)
        )
    return TABLES[kind, is_postgres]


def _moment(convert: Convert) -> Convert:
    """Read the text of a moment in UTC, as it is written; any other goes through the field."""

    def read(value: object) -> object:
        if type(value) is str and (at := datetime.fromisoformat(value)).tzinfo is UTC:
            return at
        return convert(value)

    return read
