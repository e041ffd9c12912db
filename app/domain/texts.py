"""Reading what people typed: each reader refuses at the field it was typed into."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.refusals import InvalidInput
from app.kit import addresses, clock, locales, names
from app.kit.addresses import Address, InvalidAddress
from app.kit.names import InvalidText
from models import Permission, Permissions
from models.key import read

BODY_LIMIT = 20_000
LATEST = datetime(9999, 1, 1, tzinfo=ZoneInfo("UTC"))


def address(typed: str, *path: str) -> Address:
    """Read an e-mail address."""
    try:
        return addresses.normalise(typed)
    except InvalidAddress as no:
        raise InvalidInput(str(no), *path) from no


def name(typed: str, limit: int, *path: str) -> str:
    """Read a name or another line that must say something."""
    try:
        return names.clean_name(typed, limit)
    except InvalidText as no:
        raise InvalidInput(str(no), *path) from no


def note(typed: str | None, limit: int, *path: str) -> str | None:
    """Read a few lines that may be left out."""
    if typed is None or not typed.strip():
        return None
    try:
        return names.clean_note(typed, limit)
    except InvalidText as no:
        raise InvalidInput(str(no), *path) from no


def body(typed: str, *path: str) -> str:
    """Read a message, which is kept as written."""
    if not typed.strip():
        raise InvalidInput("Write something.", *path)
    if len(typed) > BODY_LIMIT:
        raise InvalidInput(f"Write at most {BODY_LIMIT} characters.", *path)
    return typed


def locale(typed: str, *path: str) -> str:
    """Read a locale; `de-AT` is taken as `de`."""
    matched = locales.match(typed)
    if matched is None:
        raise InvalidInput(f"Choose one of: {', '.join(locales.LOCALES)}.", *path)
    return matched


def time_zone(typed: str, *path: str) -> str:
    """Read the name of a time zone (IANA)."""
    if not locales.is_time_zone(typed):
        raise InvalidInput("Choose a time zone by its IANA name, as Europe/Vienna.", *path)
    return typed


def future(at: datetime, *path: str) -> datetime:
    """Read an instant that is still to come."""
    try:
        instant = at.astimezone(ZoneInfo("UTC"))
    except OverflowError as no:
        raise InvalidInput("Name an instant before the year 9999.", *path) from no
    if at.tzinfo is None or not clock.now() < instant < LATEST:
        raise InvalidInput("Name an instant in the future, with its offset from UTC.", *path)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


def permissions(keys: Iterable[Permission], *path: str) -> Permissions:
    """Read a set of permissions, which may not be empty."""
    wanted = frozenset(keys)
    if not wanted:
        raise InvalidInput("Choose at least one permission.", *path)
    return wanted


def key(prefix: str, typed: str) -> str | None:
    """Read an id of one kind; None for any other, which can only be unknown."""
    try:
        read(prefix, typed)
    except ValueError:
        return None
    return typed
