"""Reading what a filter asks for: what no row can hold is refused before a database is asked."""

from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Final

from app.domain.refusals import InvalidInput
from models.key import kind
from resolvers.context import is_key

LONGEST: Final = 200  # SQLite takes no pattern of 50,000 bytes


def text(typed: str | None, *path: str) -> str | None:
    """Read what to look for."""
    if typed is not None and len(typed) > LONGEST:
        raise InvalidInput(f"Search for at most {LONGEST} characters.", "filter", *path)
    return typed


def instant(at: datetime | None, *path: str) -> datetime | None:
    """Read an instant of any offset, in UTC: as texts, SQLite compares no others."""
    try:
        return at and at.astimezone(UTC)
    except OverflowError as no:
        raise InvalidInput("Name an instant of the years 1 to 9999.", "filter", *path) from no


def key(prefix: str, typed: str | None, *path: str) -> str | None:
    """Read an id of one kind."""
    if typed is not None and not is_key(prefix, typed):
        raise InvalidInput(f"Name it by its id, {prefix}_….", "filter", *path)
    return typed


def any_key(typed: str | None, *path: str) -> str | None:
    """Read an id of whatever kind."""
    if typed is not None and not is_key(kind(typed), typed):
        raise InvalidInput("Name it by its id.", "filter", *path)
    return typed


def address(typed: str | None, *path: str) -> str | None:
    """Read an IPv4 or IPv6 address."""
    try:
        return typed and str(ip_address(typed))
    except ValueError as no:
        raise InvalidInput("Write an IPv4 or IPv6 address.", "filter", *path) from no
