"""What the tests look at and turn, and the context through which the graph sees it."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from starlette.requests import HTTPConnection

from app.web.contexts import can_set_cookies


class Word(StrEnum):
    """A vocabulary of codes."""

    FORBIDDEN = "FORBIDDEN"
    UNAVAILABLE = "UNAVAILABLE"


class No(Exception):
    """An expected no."""

    def __init__(self, code: Word = Word.FORBIDDEN) -> None:
        self.code, self.message, self.details = code, "You may not.", {"path": ["there"]}
        super().__init__(self.message)


@dataclass
class World:
    """What the tests look at, and turn."""

    saved: list[str] = field(default_factory=list)
    callers: list["Caller"] = field(default_factory=list)
    is_open: asyncio.Event = field(default_factory=asyncio.Event)
    has_begun: asyncio.Event = field(default_factory=asyncio.Event)
    has_ended: asyncio.Event = field(default_factory=asyncio.Event)
    refusal: Exception | None = None

    def caller(self, connection: HTTPConnection, account_id: str | None) -> "Caller":
        """Make the context of one operation."""
        secret = connection.headers.get("authorization")
        request_id: str = connection.state.request_id
        cookies = can_set_cookies(connection)
        self.callers.append(Caller(self, secret, account_id, request_id, cookies))
        return self.callers[-1]


@dataclass
class Caller:
    """Who asks."""

    world: World
    secret: str | None
    account_id: str | None
    request_id: str
    can_set_cookies: bool
    response_headers: Sequence[tuple[str, str]] = ()

    @property
    def account_context(self) -> Mapping[str, object] | None:
        """The account that was named."""
        if self.account_id is None:
            return None
        return {"accountId": self.account_id, "source": "REQUEST"}

    async def prepare(self, *, recalls: bool = False) -> None:  # nobody is remembered here
        """Refuse what the test wants refused."""
        if self.world.refusal:
            raise self.world.refusal

    async def holds(self) -> bool:
        """Tell that nobody was remembered."""
        return True
