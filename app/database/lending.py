"""Connections, lent to one user at a time without a task, a timeout or a round trip."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar

from app.database.handing import Hands

CLOSED = "the database was closed"
PATIENCE_SECONDS = 5.0  # with whoever holds what one waits for
CLEANING_SECONDS = 2.0
FAREWELL_SECONDS = 1.0


class _Connection(Protocol):
    """What a lender must know of a connection; asyncpg's has it all."""

    def is_closed(self) -> bool: ...
    def is_in_transaction(self) -> bool: ...
    def terminate(self) -> None: ...
    async def reset(self) -> None: ...
    async def close(self) -> None: ...


C = TypeVar("C", bound=_Connection)


class Lender(Generic[C]):
    """Keeps up to a number of connections, the last used on top; each slot is held or free."""

    def __init__(self, connect: Callable[[], Awaitable[C]], size: int) -> None:
        self._connect = connect
        self._size = size
        self._held = 0
        self._idle: list[C] = []
        self._lent: set[C] = set()
        self._distrusted: set[C] = set()
        self._hands: Hands[C | None] = Hands(self._keep)
        self._closed = False

    def take_idle(self) -> C | None:
        """Take a connection that works and that nobody has, if there is one."""
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                self._lent.add(connection)
                return connection
            self._held -= 1  # the server left while nobody looked
        return None

    async def take(self) -> C:
        """Take a connection that works; wait for one when all are lent, until TimeoutError."""
        if self._closed:
            raise ConnectionError(CLOSED)
        connection = self.take_idle() or await self._next()
        self._lent.add(connection)
        return connection

    async def _next(self) -> C:
        if self._held < self._size:
            self._held += 1
            return await self._another()
        return await self._hands.wait(PATIENCE_SECONDS) or await self._another()

    def give(self, connection: C) -> None:
        """Bring back a clean connection, for whoever waits or for later."""
        self._lent.discard(connection)
        is_distrusted = connection in self._distrusted
        self._distrusted.discard(connection)
        is_closed = self._closed or connection.is_closed()
        if is_closed or is_distrusted or connection.is_in_transaction():
            connection.terminate()
            self._hands.hand(None)  # the right to make one
        else:
            self._hands.hand(connection)

    def distrust(self, broken: C) -> None:
        """Lend nothing again that was made before now: what is wrong with one connection may be wrong with all."""
        if broken in self._distrusted:
            return  # that was said when the first of them broke
        self._distrusted |= self._lent
        while self._idle:
            self._idle.pop().terminate()
            self._held -= 1

    async def restore(self, connection: C) -> None:
        """Bring back a connection in doubt: made clean by the server, or replaced."""
        try:
            async with asyncio.timeout(CLEANING_SECONDS):
                await connection.reset()
        except Exception:  # noqa: BLE001  # whatever is wrong with it, it is not lent again
            connection.terminate()
        self.give(connection)

    async def close(self) -> None:
        """Close what is idle; what is still lent is let go when it comes back."""
        self._closed = True
        self._hands.refuse(ConnectionError(CLOSED))
        idle, self._idle = self._idle, []
        self._held -= len(idle)
        await asyncio.gather(*map(_close, idle))

    async def _another(self) -> C:
        try:
            return await self._connect()
        except BaseException:
            self._hands.hand(None)
            raise

    def _keep(self, connection: C | None) -> None:
        if connection is None:
            self._held -= 1
        else:
            self._idle.append(connection)


async def _close(connection: _Connection) -> None:
    try:
        async with asyncio.timeout(FAREWELL_SECONDS):
            await connection.close()
    except Exception:  # noqa: BLE001  # whatever is wrong with it, it is let go
        connection.terminate()
