"""SQLite behind Tortoise: one connection writes, others only read, and cancelling does no harm.

The module's name tells Tortoise's migrations which dialect to write.
"""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from contextvars import ContextVar
from typing import TypeAlias

import aiosqlite
from tortoise.backends.base.client import ConnectionWrapper
from tortoise.backends.sqlite.client import SqliteClient as StockClient

from app.database.cancel import finish
from app.database.failures import Unavailable, is_unable
from app.database.sqlite_transactions import (
    WAITING_SECONDS,
    Held,
    Row,
    Transacting,
    Transaction,
    acquire,
)

Answer: TypeAlias = tuple[int, Sequence[Row]]

READERS = 2
BUSY_MILLISECONDS = 5000

_only_reads: ContextVar[bool] = ContextVar("only_reads", default=False)


class Reader(ConnectionWrapper[aiosqlite.Connection]):
    """A reading connection for one question."""

    __slots__ = ("idle",)

    client: "SqliteClient"

    def __init__(self, client: "SqliteClient") -> None:
        self.client = client

    async def __aenter__(self) -> aiosqlite.Connection:
        await self.client.ready()
        self.idle = self.client.idle
        try:
            async with asyncio.timeout(WAITING_SECONDS):
                self.connection = await self.idle.get()
        except TimeoutError as error:
            raise Unavailable("others are reading") from error
        return self.connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        if isinstance(error, asyncio.CancelledError):
            with suppress(ValueError):  # closed meanwhile
                await self.connection.interrupt()  # nobody waits for the answer any more
        self.idle.put_nowait(self.connection)
        if is_unable(error):
            raise Unavailable(error) from error


class Writer(Held):
    """The writing connection for one statement."""

    __slots__ = ()

    async def __aenter__(self) -> aiosqlite.Connection:
        await acquire(self._lock)
        try:
            await self.ensure_connection()
        except BaseException:
            self._lock.release()
            raise
        return self.connection


class SqliteClient(StockClient):
    """SQLite, as Tortoise sees it."""

    def __init__(self, file_path: str, **options: object) -> None:
        super().__init__(file_path, **options)
        # The first comes first: the others may have to wait for another process.
        self.pragmas = {"busy_timeout": BUSY_MILLISECONDS, "synchronous": "FULL"} | self.pragmas
        self.idle: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        self._readers: list[aiosqlite.Connection] = []
        self._is_closed = False

    async def ready(self) -> None:
        """Open the database if that has not happened."""
        if self._connection is None:
            async with self._lock:
                await self.create_connection(with_db=True)

    async def create_connection(self, with_db: bool) -> None:  # noqa: FBT001  # Tortoise's
        """Open the writing connection and the reading ones, all or none; never again for who comes too late."""
        if self._is_closed:
            raise Unavailable("it was closed")
        if self._connection is None:
            await finish(self._open())

    async def close(self) -> None:
        """Close every connection, which ends its thread."""
        self._is_closed = True
        for reader in self._readers:
            await reader.close()
        self._readers, self.idle = [], asyncio.LifoQueue()
        await super().close()

    def acquire_connection(self) -> ConnectionWrapper[aiosqlite.Connection]:
        """Lend a connection for one statement."""
        return Reader(self) if _only_reads.get() else Writer(self._lock, self)

    async def select(self, query: str, values: Sequence[object]) -> Sequence[Row]:
        """Run a SELECT."""
        _, rows = await self.execute_query(query, list(values))
        return rows

    async def execute_query(self, query: str, values: list[object] | None = None) -> Answer:
        """Run a statement; a SELECT does not wait for whoever writes."""
        token = _only_reads.set(query.lstrip()[:6].upper() == "SELECT")
        try:
            answer: Answer = await super().execute_query(query, values)
        finally:
            _only_reads.reset(token)
        return answer

    async def execute_query_dict(self, query: str, values: list[object] | None = None) -> list[Row]:
        """Run a statement; a SELECT does not wait for whoever writes."""
        token = _only_reads.set(query.lstrip()[:6].upper() == "SELECT")
        try:
            rows: list[Row] = await super().execute_query_dict(query, values)
        finally:
            _only_reads.reset(token)
        return rows

    async def execute_many(self, query: str, values: list[list[object]]) -> None:
        """Run a statement for many rows, for all of them or for none."""
        async with self._in_transaction() as transaction:
            await transaction.execute_many(query, values)

    def _in_transaction(self) -> Transacting:
        return Transacting(Transaction(self), self._lock)

    async def _open(self) -> None:
        reading = self.pragmas | {"query_only": "ON"}
        opened: list[aiosqlite.Connection] = []
        async with AsyncExitStack() as stack:
            for pragmas in (self.pragmas, *[reading] * READERS):
                connection = await self._connect(pragmas)
                stack.push_async_callback(connection.close)
                opened.append(connection)
            stack.pop_all()
        self._connection, *self._readers = opened
        for reader in self._readers:
            self.idle.put_nowait(reader)
        await self._post_connect()

    async def _connect(self, pragmas: Mapping[str, object]) -> aiosqlite.Connection:
        connection = aiosqlite.connect(self.filename, isolation_level=None)
        connection._thread.daemon = True  # noqa: SLF001  # a program that crashes must end
        await connection
        try:
            connection.row_factory = sqlite3.Row
            for name, value in pragmas.items():
                await connection.execute_fetchall(f"PRAGMA {name}={value}")
        except BaseException:
            await connection.close()
            raise
        return connection


client_class = SqliteClient
