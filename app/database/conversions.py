"""From what a driver gives to what a field makes of it, without the questions that its type has answered already."""

from collections.abc import Callable, Hashable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias

from tortoise import fields
from tortoise.fields.base import Field

Convert: TypeAlias = Callable[[Any], Any]

OFTEN: Final = 8_192
RIGHT_ALREADY: Final = frozenset({str, int})
POSTGRES: Final = "postgres"
REMEMBERED: Final[dict[Hashable, Convert]] = {}


def conversion(field: Field[Any], dialect: str, *, recurs: bool = True) -> Convert | None:
    """Shorten a field's conversion; None where the driver's value is right already.

    Values that recur are converted once. A row's own key does not: remembering it would cost the others their place.
    """
    convert, is_postgres = field.to_python_value, dialect == POSTGRES
    if isinstance(field, fields.DatetimeField):
        return None if is_postgres else _moment(convert)
    if isinstance(field, fields.UUIDField) or field.field_type is frozenset:
        return _remembering(field) if recurs else convert
    kind = getattr(field, "enum_type", None)
    if kind is not None:
        return _Members(convert, {member.value: member for member in kind}).__getitem__
    is_usual = type(field).to_python_value is Field.to_python_value
    return None if is_usual and (is_postgres or field.field_type in RIGHT_ALREADY) else convert


def _remembering(field: Field[Any]) -> Convert:
    """Remember what was converted, once for all columns of a kind."""
    kind = type(field), getattr(field, "prefix", None)
    if kind not in REMEMBERED:
        REMEMBERED[kind] = lru_cache(maxsize=OFTEN)(field.to_python_value)
    return REMEMBERED[kind]


def _moment(convert: Convert) -> Convert:
    """Read the text of a moment in UTC, as it is written; any other goes through the field."""

    def read(value: object) -> object:
        if type(value) is str and (at := datetime.fromisoformat(value)).tzinfo is UTC:
            return at
        return convert(value)

    return read


class _Members(dict[Any, Any]):
    """The members of an enumeration by their values; anything else goes through the field."""

    def __init__(self, convert: Convert, members: Mapping[Any, Any]) -> None:
        super().__init__(members)
        self.convert = convert

    def __missing__(self, value: object) -> object:
        return self.convert(value)
