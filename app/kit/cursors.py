"""Opaque marks of a place in a list."""

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from enum import IntEnum
from typing import TypeAlias

import orjson

Value: TypeAlias = str | int | datetime
LONGEST = 400  # characters of a column that a list is sorted by
LARGEST = 2**63 - 1  # what a column of whole numbers holds


class InvalidCursor(ValueError):
    """Not a cursor, or one of another list or order."""


def write(order: str, values: Sequence[Value]) -> str:
    """Mark the place of a row in a list: the name of the list's order, and the values it is sorted by."""
    return base64.urlsafe_b64encode(orjson.dumps([order, *values])).decode().rstrip("=")


def read(order: str, cursor: str, kinds: Sequence[type]) -> list[Value]:
    """Read a mark of the same order back; `kinds` are the types of its values."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        name, *values = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if name != order or len(values) != len(kinds):
            raise InvalidCursor(cursor)
        return [_value(kind, value) for kind, value in zip(kinds, values, strict=True)]
    except (binascii.Error, UnicodeError, TypeError, ValueError, OverflowError) as unreadable:
        raise InvalidCursor(cursor) from unreadable


def _value(kind: type, value: object) -> Value:
    """Read a value that a column could hold: anybody can write a mark, and no database takes everything."""
    if kind is datetime:
        at = datetime.fromisoformat(str(value))
        if at.tzinfo is None:
            raise InvalidCursor(value)
        return at.astimezone(UTC)
    if issubclass(kind, IntEnum) and isinstance(value, int):
        return kind(value)
    if kind is int and type(value) is int and 0 <= value <= LARGEST:
        return value
    if kind is str and isinstance(value, str) and len(value) <= LONGEST and "\0" not in value:
        return value
    raise InvalidCursor(value)
