"""Transactions on PostgreSQL: each on a connection of its own, ended whatever happens."""

from typing import TypeAlias

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import ConnectionWrapper, TransactionContextPooled
from tortoise.connection import get_connections
from tortoise.exceptions import (
    BaseORMException,
    DBConnectionError,
    IntegrityError,
    OperationalError,
    TransactionManagementError,
)

from app.database.cancel import finish
from app.database.lending import Lender

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

FAILURES = (asyncpg.PostgresError, OSError)
GONE = (
    asyncpg.AdminShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.CrashShutdownError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.TooManyConnectionsError,
    OSError,
)


def translated(error: BaseException) -> BaseORMException:
    """Find Tortoise's error for what PostgreSQL says; Tortoise itself leaves some as they are."""
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return IntegrityError(error)
    return DBConnectionError(error) if isinstance(error, GONE) else OperationalError(error)


class Held(ConnectionWrapper[Connection]):
    """A transaction's connection for one statement."""

    __slots__ = ()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        await super().__aexit__(kind, error, trace)
        if isinstance(error, FAILURES):
            raise translated(error) from error
        if isinstance(error, asyncpg.InterfaceError) and self.connection.is_closed():
            raise translated(error) from error


class Transaction(TransactionWrapper):
    """Where a transaction's statements go while it lasts, and no longer."""

    def acquire_connection(self) -> Held:
        """Use the transaction's connection for one statement."""
        if self._finalized:
            message = "the transaction is over: a task born in it must not outlive it"
            raise TransactionManagementError(message)
        return Held(self._lock, self)

    async def start(self, connection: Connection) -> None:
        """Begin on a connection; to be ended even if this fails."""
        self._connection = connection
        try:
            await self.begin()
        except (*FAILURES, asyncpg.InterfaceError) as error:
            raise translated(error) from error

    async def end(self, *, commit: bool) -> None:
        """Commit or roll back, unless that was done or nothing has begun."""
        try:
            if self.transaction and not self._finalized:
                await (self.commit() if commit else self.rollback())
        except (*FAILURES, asyncpg.InterfaceError) as error:
            if commit:  # a deferred constraint, or the server is gone
                raise translated(error) from error
        finally:
            self._finalized = True


class Transacting(TransactionContextPooled):
    """A block in one transaction: committed when it ends well, rolled back however else it ends."""

    __slots__ = ("lender", "lent")

    client: Transaction

    def __init__(self, client: AsyncpgDBClient, lender: Lender[Connection]) -> None:
        self.client = Transaction(client)
        self.connection_name = client.connection_name
        self.lender = lender

    async def __aenter__(self) -> Transaction:
        try:
            self.lent = await self.lender.take()
        except FAILURES as error:
            raise translated(error) from error
        try:
            await finish(self.client.start(self.lent))
        except BaseException:
            await finish(self._end(commit=False))
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        try:
            get_connections().reset(self.token)
        finally:
            await finish(self._end(commit=error is None))

    async def _end(self, *, commit: bool) -> None:
        try:
            await self.client.end(commit=commit)
        finally:
            self.lender.give(self.lent)
