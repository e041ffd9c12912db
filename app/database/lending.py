"""Connections, lent to one user at a time without a task, a timeout or a round trip."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Generic, Protocol, TypeVar

CLOSED = "the database was closed"
PATIENCE_SECONDS = 5


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
        self._waiting: deque[asyncio.Future[C | None]] = deque()
        self._closed = False

    async def take(self) -> C:
        """Take a connection that works; wait for one when all are lent."""
        if self._closed:
            raise ConnectionError(CLOSED)
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
            self._held -= 1  # the server left while nobody looked
        if self._held < self._size:
            self._held += 1
            return await self._another()
        return await self._queue() or await self._another()

    def give(self, connection: C) -> None:
        """Bring back a clean connection, for whoever waits or for later."""
        if self._closed or connection.is_closed() or connection.is_in_transaction():
            connection.terminate()
            self._pass(None)
        else:
            self._pass(connection)

    async def restore(self, connection: C) -> None:
        """Bring back a connection in doubt: made clean by the server, or replaced."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await connection.reset()
        except Exception:  # noqa: BLE001  # whatever is wrong with it, it is not lent again
            connection.terminate()
        self.give(connection)

    async def close(self) -> None:
        """Close what is idle; what is still lent is let go when it comes back."""
        self._closed = True
        while self._waiting:
            if not (waiter := self._waiting.popleft()).done():
                waiter.set_exception(ConnectionError(CLOSED))
        while self._idle:
            connection = self._idle.pop()
            self._held -= 1
            with suppress(Exception):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await connection.close()

    async def _another(self) -> C:
        try:
            return await self._connect()
        except BaseException:
            self._pass(None)
            raise

    async def _queue(self) -> C | None:
        waiter: asyncio.Future[C | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            return await waiter
        except asyncio.CancelledError:
            if waiter.done() and not waiter.cancelled() and not waiter.exception():
                self._pass(waiter.result())  # handed over in the moment of the cancellation
            raise

    def _pass(self, connection: C | None) -> None:
        """Hand a connection, or with None the right to make one, to the next who waits."""
        while self._waiting:
            if not (waiter := self._waiting.popleft()).done():
                waiter.set_result(connection)
                return
        if connection is None:
            self._held -= 1
        else:
            self._idle.append(connection)
