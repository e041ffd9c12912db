"""Telling the other processes that something has happened: LISTEN and NOTIFY, on PostgreSQL."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from typing import cast

import asyncpg
import orjson
from tortoise import connections
from tortoise.exceptions import BaseORMException

from app.database.asyncpg import AsyncpgClient

CHANNEL = "keyfob"
RETRY_SECONDS = 1
CHECK_SECONDS = 2
log = logging.getLogger(__name__)


async def notify(topics: Iterable[str]) -> None:
    """Tell the topics, inside the transaction; on SQLite there is no other process to tell."""
    connection = connections.get("default")
    if connection.capabilities.dialect == "postgres":
        payload = orjson.dumps(sorted(topics)).decode()
        await connection.execute_query("SELECT pg_notify($1, $2)", [CHANNEL, payload])


async def listen(heard: Callable[[Iterable[str]], None], missed: Callable[[], None]) -> None:
    """Hand on every notification until cancelled; after a lost connection, say that some may have been missed."""
    while True:
        try:
            await _listen(heard, missed)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, BaseORMException) as lost:
            log.warning("The connection for live events was lost (%s); trying again.", lost)
        await asyncio.sleep(RETRY_SECONDS)


async def _listen(heard: Callable[[Iterable[str]], None], missed: Callable[[], None]) -> None:
    client = cast("AsyncpgClient", connections.get("default"))
    connection = await client.connect()
    try:
        await connection.add_listener(CHANNEL, lambda *told: heard(orjson.loads(told[-1])))
        missed()
        while not connection.is_closed():
            # A connection may die without a word: ask, or nobody ever hears of it.
            await connection.execute("SELECT 1", timeout=CHECK_SECONDS)
            await asyncio.sleep(CHECK_SECONDS)
    finally:
        client.lender.distrust(connection)  # whatever took this one may have taken others
        with contextlib.suppress(Exception):
            await connection.close(timeout=1)
