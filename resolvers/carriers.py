"""What carries the secret of a session: what came with a request, and what goes back with its answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum


class SessionTransport(StrEnum):
    """How the session's secret travels: BEARER hands it back once, COOKIE sets it and hands nothing back."""

    BEARER = "BEARER"
    COOKIE = "COOKIE"


def never() -> bool:
    """Say no."""
    return False


@dataclass(slots=True)
class Carrier:
    """What carries the session's secret: what came with the request, and what goes back with the answer."""

    secret: str | None = None
    device: str | None = None
    is_cookie: bool = False
    keeps: Callable[[], bool] = never
    write_cookie: Callable[[str | None, bool], tuple[str, str]] | None = None
    write_device: Callable[[str], tuple[str, str]] | None = None
    headers: list[tuple[str, str]] = field(default_factory=list)

    @property
    def keeps_cookies(self) -> bool:
        """Whether a cookie that is set reaches whoever asks, and is kept there."""
        return self.keeps()
