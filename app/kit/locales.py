"""Languages that Keyfob's words are written in, and the world's time zones."""

import re
from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

LOCALES: tuple[str, ...] = ("en", "de")

_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,6}")  # RFC 5646, roughly
_INSTANTS = {
    "en": "{at.day} {month} {at.year}, {at:%H:%M} {at:%Z}",
    "de": "{at.day}. {month} {at.year}, {at:%H:%M} Uhr {at:%Z}",
}
_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
}
_NO_PLACE = frozenset(("Factory", "localtime", "posixrules"))


def match(text: str) -> str | None:
    """Return the locale that serves a language tag best: `de-AT` is served by `de`; None if none does."""
    if _TAG.fullmatch(text) is None:
        return None
    tag = text.lower()
    while tag not in LOCALES and "-" in tag:
        tag = tag.rpartition("-")[0]
    return tag if tag in LOCALES else None


def instant(at: datetime, locale: str) -> str:
    """Write an instant out, in the time zone that it carries."""
    month = _MONTHS[locale].split()[at.month - 1]
    return _INSTANTS[locale].format(at=at, month=month)


def is_time_zone(text: str) -> bool:
    """Tell whether it is the name of a time zone in the IANA database."""
    return text in _zones()


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones() - _NO_PLACE)
