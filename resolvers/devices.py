"""What a session or an event came from."""

from functools import lru_cache
from typing import Self

from app.kit import devices
from app.kit.devices import DeviceKind
from resolvers.declare import value, words

words(DeviceKind)


@value
class Device:
    """A device, by what its browser says of itself."""

    label: str
    browser: str | None
    os: str | None
    kind: DeviceKind

    @classmethod
    @lru_cache(maxsize=1024)
    def of(cls, user_agent: str) -> Self:
        """Show a device."""
        seen = devices.describe(user_agent)
        return cls(label=seen.label, browser=seen.browser, os=seen.os, kind=seen.kind)
