"""One process at a time."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing

from app.database.asyncpg import AsyncpgClient
from app.database.sqlite import SqliteClient

AGAIN_SECONDS = 0.05
KEYFOB = int.from_bytes(b"keyfob")  # an advisory lock is a number


def alone(client: SqliteClient | AsyncpgClient) -> AbstractAsyncContextManager[None]:
    """Wait until no other process that asks for this is at work on the database."""
    if isinstance(client, SqliteClient):
        return _alone_with_file(client.filename)
    return _alone_on_server(client)


@asynccontextmanager
async def _alone_with_file(path: str) -> AsyncIterator[None]:
    """Lock a file beside the database; the lock ends with the process, however that ends."""
    connection = sqlite3.connect(f"{path}.lock", timeout=0, isolation_level=None)
    with closing(connection):
        while not _begin(connection):  # noqa: ASYNC110  # another process sets no Event of ours
            await asyncio.sleep(AGAIN_SECONDS)
        yield


def _begin(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            return False
        raise
    return True


@asynccontextmanager
async def _alone_on_server(client: AsyncpgClient) -> AsyncIterator[None]:
    """Hold an advisory lock; asking again beats waiting, which would block CREATE INDEX CONCURRENTLY."""
    async with client.acquire_connection() as connection:
        while not await connection.fetchval("SELECT pg_try_advisory_lock($1)", KEYFOB):  # noqa: ASYNC110
            await asyncio.sleep(AGAIN_SECONDS)
        try:
            yield
        finally:
            await connection.execute("SELECT pg_advisory_unlock($1)", KEYFOB)
