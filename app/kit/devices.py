"""Telling a device by what its browser says of itself."""

import re
from enum import StrEnum

from app.kit.frozen import frozen


class DeviceKind(StrEnum):
    """What sort of device a session is on."""

    DESKTOP = "DESKTOP"
    MOBILE = "MOBILE"
    TABLET = "TABLET"
    API = "API"
    UNKNOWN = "UNKNOWN"


@frozen
class Described:
    """A device in words; None where nothing is known."""

    browser: str | None
    os: str | None
    kind: DeviceKind

    @property
    def label(self) -> str:
        """A few words for a list of sessions: `Firefox on Linux`."""
        parts = [part for part in (self.browser, self.os) if part]
        return " on ".join(parts) or "Unknown device"


# The first match wins: Edge and Opera call themselves Chrome, and Chrome calls itself Safari.
BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
SYSTEMS = (
    ("iPadOS", r"iPad"),
    ("iOS", r"iPhone|iPod"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux"),
)


def describe(user_agent: str) -> Described:
    """Describe a device by its User-Agent header (RFC 9110, section 10.1.5)."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    if browser is None and user_agent and not user_agent.startswith("Mozilla/"):
        program = re.split(r"[/\s]", user_agent, maxsplit=1)[0][:40]
        return Described(program or None, system, DeviceKind.API)
    return Described(browser, system, _kind(user_agent, system))


def _first(patterns: tuple[tuple[str, str], ...], text: str) -> str | None:
    return next((name for name, pattern in patterns if re.search(pattern, text)), None)


def _kind(user_agent: str, system: str | None) -> DeviceKind:
    if system == "iPadOS" or (system == "Android" and "Mobile" not in user_agent):
        return DeviceKind.TABLET
    if system in {"iOS", "Android"}:
        return DeviceKind.MOBILE
    return DeviceKind.DESKTOP if system else DeviceKind.UNKNOWN
