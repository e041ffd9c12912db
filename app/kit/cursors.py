"""Opaque marks of a place in a list."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias

import orjson

Value: TypeAlias = str | int | datetime


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
    except (binascii.Error, UnicodeError, TypeError, ValueError) as unreadable:
        raise InvalidCursor(cursor) from unreadable


def _value(kind: type, value: object) -> Value:
    if kind is datetime:
        at = datetime.fromisoformat(str(value))
        if at.tzinfo is None:
            raise InvalidCursor(value)
        return at
    if kind is int and isinstance(value, int) and not isinstance(value, bool):
        return value
    if kind is str and isinstance(value, str):
        return value
    raise InvalidCursor(value)
