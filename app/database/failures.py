"""What databases fail with, sorted by what may be done about it, in words for whoever asked."""

import sqlite3
from typing import Final

import asyncpg
from tortoise.exceptions import (
    BaseORMException,
    DBConnectionError,
    IntegrityError,
    OperationalError,
)

FAILURES = (asyncpg.PostgresError, asyncpg.InternalClientError, OSError)

# The connection is of no more use; what a socket says is an OSError, a TimeoutError, too.
BROKEN = (
    asyncpg.AdminShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.CrashShutdownError,
    asyncpg.DatabaseDroppedError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # as when the server's farewell came between two statements
    asyncpg.PostgresConnectionError,
    asyncpg.ReadOnlySQLTransactionError,  # another server is the first one now
    OSError,
)
# The server is there, and cannot do it now: no room, no memory, a time limit.
OVERBURDENED = (
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.PostgresSystemError,
    asyncpg.QueryCanceledError,
)
# The server rolled the transaction back for a reason that is over: another schema, another transaction.
OVERTAKEN = (
    asyncpg.DeadlockDetectedError,
    asyncpg.InvalidCachedStatementError,
    asyncpg.OutdatedSchemaCacheError,
    asyncpg.SerializationError,
)
UNABLE: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PROTOCOL,
    }
)


class Unavailable(DBConnectionError, OperationalError):
    """The database cannot be reached, or cannot do now what it was asked for."""

    code = "UNAVAILABLE"
    message = "The database cannot do this right now. Try again in a moment."


class Lost(Unavailable):
    """The connection broke in the middle of a statement."""


class Silent(Lost):
    """No answer came in time: the connection is given up, and asking again would take as long."""


class Unsure(Unavailable):
    """The connection broke while a transaction was being committed."""

    message = "The database went away while this was being stored. See whether it was, before you try again."


class Overtaken(Unavailable):
    """The server rolled the transaction back; done again, it may well succeed."""

    may_repeat = True


def of_postgres(error: BaseException) -> BaseORMException:
    """Find our error for what PostgreSQL or the way to it says."""
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return IntegrityError(error)
    kinds = {OVERTAKEN: Overtaken, OVERBURDENED: Unavailable, (TimeoutError,): Silent, BROKEN: Lost}
    fitting = (ours for theirs, ours in kinds.items() if isinstance(error, theirs))
    return next(fitting, OperationalError)(error)


def is_unable(error: BaseException | None) -> bool:
    """Whether SQLite cannot do it now: another process writes, the disk is full."""
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)
    return code & 0xFF in UNABLE  # the higher bits tell more of the same


def of_sqlite(error: sqlite3.OperationalError) -> OperationalError:
    """Find our error for what SQLite says."""
    return Unavailable(error) if is_unable(error) else OperationalError(error)
