"""Transactions on PostgreSQL: each on a connection of its own, ended whatever happens."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import TypeAlias

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import ConnectionWrapper, TransactionContextPooled
from tortoise.connection import get_connections
from tortoise.exceptions import BaseORMException, TransactionManagementError
from tortoise.log import db_client_logger

from app.database.cancel import finish
from app.database.failures import (
    FAILURES,
    Lost,
    Overtaken,
    Silent,
    Unavailable,
    Unsure,
    of_postgres,
)
from app.database.lending import Lender

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Row: TypeAlias = "asyncpg.Record"

ROLLBACK_SECONDS = 2.0


async def taken(lender: Lender[Connection]) -> Connection:
    """Take a connection; whatever hinders that, nothing has been done yet."""
    try:
        return await lender.take()
    except FAILURES as error:
        raise Unavailable(error) from error


def judged(
    error: BaseException | None, connection: Connection, lender: Lender[Connection]
) -> BaseORMException | None:
    """Say what an error means to whoever asked, and let go of connections that it spoiled; None if it is no failure."""
    is_closed = isinstance(error, asyncpg.InterfaceError) and connection.is_closed()
    if error is None or not (is_closed or isinstance(error, FAILURES)):
        return None
    failure = of_postgres(error)
    if isinstance(failure, Lost | Overtaken):
        lender.distrust(connection)
    if isinstance(failure, Lost):
        connection.terminate()
    return failure


async def fetched(
    lent: AbstractAsyncContextManager[Connection], query: str, values: Sequence[object]
) -> Sequence[Row]:
    """Run a SELECT without what Tortoise asks of every statement: what it is, and whose loop it runs in."""
    async with lent as connection:
        db_client_logger.debug("%s: %s", query, values)
        return await connection.fetch(query, *values)


class Held(ConnectionWrapper[Connection]):
    """A transaction's connection for one statement."""

    __slots__ = ("lender",)

    def __init__(self, transaction: "Transaction") -> None:
        super().__init__(transaction._lock, transaction)  # noqa: SLF001  # as Tortoise does it
        self.lender = transaction.lender

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        await super().__aexit__(kind, error, trace)
        if failure := judged(error, self.connection, self.lender):
            raise failure from error


class Transaction(TransactionWrapper):
    """Where a transaction's statements go while it lasts, and no longer."""

    def __init__(self, client: AsyncpgDBClient, lender: Lender[Connection]) -> None:
        super().__init__(client)
        self.lender = lender

    def acquire_connection(self) -> Held:
        """Use the transaction's connection for one statement."""
        if self._finalized:
            message = "the transaction is over: a task born in it must not outlive it"
            raise TransactionManagementError(message)
        return Held(self)

    async def select(self, query: str, values: Sequence[object]) -> Sequence[Row]:
        """Run a SELECT; its rows are asyncpg's."""
        return await fetched(self.acquire_connection(), query, values)

    async def start(self, connection: Connection) -> None:
        """Begin on a connection; to be ended even if this fails."""
        self._connection, self._finalized = connection, False
        try:
            await self.begin()
        except (*FAILURES, asyncpg.InterfaceError) as error:
            raise judged(error, connection, self.lender) or error from error

    async def end(self, *, commit: bool) -> None:
        """Commit or roll back, unless that was done or nothing has begun."""
        try:
            if self.transaction and not self._finalized:
                await (self._keep() if commit else self._drop())
        finally:
            self._finalized = True

    async def _keep(self) -> None:
        try:
            await self.commit()
        except (*FAILURES, asyncpg.InterfaceError) as error:  # a deferred constraint, perhaps
            failure = judged(error, self._connection, self.lender)
            raise (Unsure(error) if isinstance(failure, Lost) else failure or error) from error

    async def _drop(self) -> None:
        try:
            async with asyncio.timeout(ROLLBACK_SECONDS):
                await self.rollback()
        except (*FAILURES, asyncpg.InterfaceError):
            self._connection.terminate()  # that rolls back, too


class Transacting(TransactionContextPooled):
    """A block in one transaction: committed when it ends well, rolled back however else it ends."""

    __slots__ = ("lender", "lent")

    client: Transaction

    def __init__(self, client: AsyncpgDBClient, lender: Lender[Connection]) -> None:
        self.client = Transaction(client, lender)
        self.connection_name = client.connection_name
        self.lender = lender

    async def __aenter__(self) -> Transaction:
        try:
            await self._begin()
        except Silent:
            raise
        except Lost:
            await self._begin()  # nothing was done yet, and the next connection is a new one
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        try:
            get_connections().reset(self.token)
        finally:
            await finish(self._end(commit=error is None))

    async def _begin(self) -> None:
        self.lent = await taken(self.lender)
        try:
            await finish(self.client.start(self.lent))
        except BaseException:
            await finish(self._end(commit=False))
            raise

    async def _end(self, *, commit: bool) -> None:
        try:
            await self.client.end(commit=commit)
        finally:
            self.lender.give(self.lent)
