"""SQLite behind Tortoise: one connection writes, others only read, and cancelling does no harm.

The module's name tells Tortoise's migrations which dialect to write.
"""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from contextvars import ContextVar
from typing import Any, Final, TypeAlias

import aiosqlite
from tortoise.backends.base.client import ConnectionWrapper
from tortoise.backends.sqlite.client import SqliteClient as StockClient
from tortoise.log import db_client_logger

from app.database.cancel import finish
from app.database.failures import Unavailable, is_unable
from app.database.handing import Hands
from app.database.sqlite_transactions import (
    WAITING_SECONDS,
    Held,
    Row,
    Transacting,
    Transaction,
    Write,
    acquire,
    translated,
)

Answer: TypeAlias = tuple[int, Sequence[Row]]

READERS = 2
PRAGMAS: Final[dict[str, object]] = {
    "busy_timeout": 5_000,  # ms; comes first: the others may have to wait for another process
    "synchronous": "FULL",
    "mmap_size": 2**27,  # what is mapped needs no call and no copy to be read
    "journal_size_limit": 2**26,  # a log that is cut short has later commits wait for it to grow
}

_only_reads: ContextVar[bool] = ContextVar("only_reads", default=False)


class Readers:
    """The connections that read: lent to whoever has waited longest."""

    def __init__(self, all_of_them: Sequence[aiosqlite.Connection] = ()) -> None:
        self.all = all_of_them
        self.idle = list(all_of_them)
        self.hands = Hands(self.idle.append)

    async def take(self) -> aiosqlite.Connection:
        """Take one, or wait for one."""
        if self.idle:
            return self.idle.pop()
        try:
            return await self.hands.wait(WAITING_SECONDS)
        except TimeoutError as error:
            raise Unavailable("others are reading") from error

    def give(self, connection: aiosqlite.Connection) -> None:
        """Bring one back."""
        self.hands.hand(connection)


class Reader(ConnectionWrapper[aiosqlite.Connection]):
    """A reading connection for one question."""

    __slots__ = ("readers",)

    client: "SqliteClient"

    def __init__(self, client: "SqliteClient") -> None:
        self.client = client

    async def __aenter__(self) -> aiosqlite.Connection:
        await self.client.ready()
        self.readers = self.client.readers
        self.connection = await self.readers.take()
        return self.connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        if isinstance(error, asyncio.CancelledError):
            with suppress(ValueError):  # closed meanwhile
                await self.connection.interrupt()  # nobody waits for the answer any more
        self.readers.give(self.connection)
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
        super().__init__(file_path, **(PRAGMAS | options))
        self.readers = Readers()
        self.versions: dict[aiosqlite.Connection, object] = {}
        self.generation = 0
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
        for reader in self.readers.all:
            await reader.close()
        self.readers = Readers()
        await super().close()

    def acquire_connection(self) -> ConnectionWrapper[aiosqlite.Connection]:
        """Lend a connection for one statement."""
        return Reader(self) if _only_reads.get() else Writer(self._lock, self)

    async def select(self, query: str, values: Sequence[object]) -> Sequence[Row]:
        """Run a SELECT without what Tortoise asks of every statement."""
        async with Reader(self) as connection:
            return await _read(connection, query, values)

    async def look(self, query: str, values: Sequence[object]) -> tuple[Sequence[Any], int | None]:
        """Run a SELECT whose first column is the database's version; say in which generation, if that is certain."""
        before = self.generation
        async with Reader(self) as connection:
            rows = await _read(connection, query, values)
            if not rows or rows[0][0] is None:
                return rows, None
            # If another has seen it change meanwhile, nobody knows whether that was before or after this was read.
            is_certain = self.generation == before
            if self.versions.get(connection) != rows[0][0]:
                self.versions[connection] = rows[0][0]
                self.generation += 1
        return rows, self.generation if is_certain else None

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

    async def run(self, writes: Sequence[Write]) -> None:
        """Run writes, all of them or none."""
        async with self._in_transaction() as transaction:
            await transaction.run(writes)

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
        self._connection, *reading_ones = opened
        self.readers = Readers(reading_ones)
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


async def _read(
    connection: aiosqlite.Connection, query: str, values: Sequence[object]
) -> Sequence[Any]:
    db_client_logger.debug("%s: %s", query, values)
    with translated():
        return list(await connection.execute_fetchall(query, values))


client_class = SqliteClient
