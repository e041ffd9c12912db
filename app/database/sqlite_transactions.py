"""Transactions on SQLite: begun as a writer, ended whatever happens."""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import aiosqlite
from tortoise.backends.base.client import ConnectionWrapper
from tortoise.backends.sqlite.client import SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import IntegrityError, TransactionManagementError
from tortoise.log import db_client_logger

from app.database.cancel import finish
from app.database.failures import Unavailable, is_unable, of_sqlite

Row: TypeAlias = dict[str, object]
Write: TypeAlias = tuple[str, Sequence[object]]

WAITING_SECONDS = 10


@contextmanager
def translated() -> Iterator[None]:
    """Raise Tortoise's errors for SQLite's."""
    try:
        yield
    except sqlite3.IntegrityError as error:
        raise IntegrityError(error) from error
    except sqlite3.OperationalError as error:
        raise of_sqlite(error) from error


async def acquire(lock: asyncio.Lock) -> None:
    """Wait for whoever writes, but not for ever."""
    try:
        async with asyncio.timeout(WAITING_SECONDS):
            await lock.acquire()
    except TimeoutError as error:
        raise Unavailable("others are writing") from error


class Held(ConnectionWrapper[aiosqlite.Connection]):
    """A transaction's connection for one statement."""

    __slots__ = ()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        await super().__aexit__(kind, error, trace)
        if is_unable(error):
            raise Unavailable(error) from error


class Transaction(SqliteTransactionWrapper):
    """Where a transaction's statements go while it lasts, and no longer."""

    generation = -1

    async def begin(self) -> None:
        """Take the database's write lock now: taking it after reading fails if another writes."""
        with translated():
            await self._connection.execute("BEGIN IMMEDIATE")

    async def commit(self) -> None:
        """Keep what was written, or, when a deferred constraint forbids that, nothing of it."""
        try:
            with translated():
                await super().commit()
        except BaseException:
            await self.rollback()  # SQLite leaves the transaction open
            raise

    def acquire_connection(self) -> Held:
        """Use the transaction's connection for one statement."""
        if self._finalized:
            message = "the transaction is over: a task born in it must not outlive it"
            raise TransactionManagementError(message)
        return Held(self._lock, self)

    async def select(self, query: str, values: Sequence[object]) -> Sequence[Row]:
        """Run a SELECT."""
        found: tuple[int, Sequence[Row]] = await self.execute_query(query, list(values))
        return found[1]

    async def look(self, query: str, values: Sequence[object]) -> tuple[Sequence[Row], None]:
        """Run a SELECT; what is read among writes is of no generation."""
        return await self.select(query, values), None

    async def run(self, writes: Sequence[Write]) -> None:
        """Run writes one after the other, on one way to the connection's thread."""
        connection: Any
        async with self.acquire_connection() as connection:
            for text, values in writes:
                db_client_logger.debug("%s: %s", text, values)
            with translated():
                # aiosqlite has no public way to run more than one at a time.
                await connection._execute(_run, connection._conn, writes)  # noqa: SLF001

    async def end(self, *, commit: bool) -> None:
        """Commit or roll back, unless a statement has done so or there is no connection."""
        try:
            if self._connection and not self._finalized:
                await (self.commit() if commit else self.rollback())
        finally:
            self._finalized = True


def _run(connection: sqlite3.Connection, writes: Sequence[Write]) -> None:
    for text, values in writes:
        connection.execute(text, values)


class Transacting(SqliteTransactionContext):
    """A block in one transaction: committed when it ends well, rolled back however else it ends."""

    __slots__ = ()

    connection: Transaction

    async def __aenter__(self) -> Transaction:
        await acquire(self._trxlock)
        try:
            await self.ensure_connection()
            await finish(self.connection.begin())
        except BaseException:
            await self._end(commit=False)
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        try:
            get_connections().reset(self.token)
        finally:
            await self._end(commit=error is None)

    async def _end(self, *, commit: bool) -> None:
        try:
            await finish(self.connection.end(commit=commit))
        finally:
            self._trxlock.release()
