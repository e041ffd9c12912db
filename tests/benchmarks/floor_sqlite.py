"""The floor on SQLite: the same statements by aiosqlite, in the manner of asyncpg; one connection writes, two read."""

import asyncio
import re
import sqlite3
import uuid
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import cache
from typing import Any, Final, TypeAlias

import aiosqlite
import orjson
from asyncpg.pgproto.pgproto import UUID

from app.database.sqlite import PRAGMAS as SETTINGS
from tests.benchmarks import floor_sql as sql

Row: TypeAlias = Any
READERS: Final = 2
PRAGMAS: Final = SETTINGS | {"journal_mode": "WAL", "foreign_keys": "ON"}
MAIL: Final = f"""{sql.MAIL} VALUES (:id, :p3, 'ticket_reply', :recipient, :subject, :text, :html, false,
  :message, :p20, 'QUEUED', 0, :p10, :p10)"""
LISTS: Final = ("id", "recipient", "subject", "text", "html", "message")
WRITES: Final = (sql.MESSAGE, sql.STATUS, sql.EVENT, sql.HEAD)
SPOKEN: Final = (
    (re.compile(r"\$(\d+)"), r":p\1"),
    (re.compile(r"now\(\)"), "strftime('%Y-%m-%d %H:%M:%f', 'now')"),
    (re.compile(r"= ANY\((\S+)\)"), r"IN (SELECT value FROM json_each(\1))"),
    (re.compile(r" FOR NO KEY UPDATE .*"), ""),
    (re.compile(r"a.owner_id = m.user_id, "), 'a.owner_id = m.user_id AS "owns [INT]", '),
)


class Lent:
    """A reading connection for one request, and the writing one while a transaction lasts."""

    def __init__(self, reader: aiosqlite.Connection, pool: "Pool") -> None:
        self.connection, self.pool = reader, pool

    async def fetch(self, text: str, *values: object) -> Sequence[Row]:
        """Run a statement, and return its rows."""
        rows = await self.connection.execute_fetchall(spoken(text), bound(values))
        return list(rows)

    async def fetchrow(self, text: str, *values: object) -> Row | None:
        """Run a statement, and return its first row."""
        rows = await self.fetch(text, *values)
        return rows[0] if rows else None

    async def execute(self, text: str, *values: object) -> None:
        """Write a reply: SQLite takes one statement at a time."""
        assert text == sql.WRITE
        given = bound(values)
        for each in WRITES:
            await self.connection.execute_fetchall(spoken(each), given)
        lists = zip(*(given[f"p{number}"] for number in range(21, 27)), strict=True)
        mails = [{**given, **dict(zip(LISTS, each, strict=True))} for each in lists]
        await self.connection.executemany(MAIL, mails)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Write, alone."""
        reader, writer = self.connection, self.pool.writer
        async with self.pool.writing:
            self.connection = writer
            await writer.execute_fetchall("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                await writer.execute_fetchall("ROLLBACK")
                raise
            else:
                await writer.execute_fetchall("COMMIT")
            finally:
                self.connection = reader


class Pool:
    """The connections; who writes waits for who writes."""

    def __init__(
        self, writer: aiosqlite.Connection, readers: Sequence[aiosqlite.Connection]
    ) -> None:
        self.writer, self.readers = writer, readers
        self.writing: Final = asyncio.Lock()
        self.idle: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        for reader in readers:
            self.idle.put_nowait(reader)

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Lent]:
        """Lend a connection."""
        reader = await self.idle.get()
        try:
            yield Lent(reader, self)
        finally:
            self.idle.put_nowait(reader)

    async def close(self) -> None:
        """Close them."""
        for each in (self.writer, *self.readers):
            await each.close()


async def opened(path: str) -> Pool:
    """Open a database; columns become what they are to the floor by the type that they were declared with."""
    sqlite3.register_converter("CHAR", lambda text: UUID(text.decode()))
    sqlite3.register_converter("TIMESTAMP", lambda text: datetime.fromisoformat(text.decode()))
    sqlite3.register_converter("INT", lambda digit: digit != b"0")
    for kind in (UUID, uuid.UUID):
        sqlite3.register_adapter(kind, str)
    sqlite3.register_adapter(datetime, lambda at: at.isoformat(" "))
    writer, *readers = [await _connected(path) for _ in range(1 + READERS)]
    return Pool(writer, readers)


async def _connected(path: str) -> aiosqlite.Connection:
    kinds = sqlite3.PARSE_DECLTYPES | sqlite3.PARSE_COLNAMES
    connection = await aiosqlite.connect(path, isolation_level=None, detect_types=kinds)
    for name, value in PRAGMAS.items():
        await connection.execute_fetchall(f"PRAGMA {name}={value}")
    return connection


@cache
def spoken(text: str) -> str:
    """Write a statement as SQLite understands it."""
    for found, meant in SPOKEN:
        text = found.sub(meant, text)
    return text


def bound(values: Sequence[object]) -> Mapping[str, Any]:
    """Name values by their places; a list that is asked for becomes JSON."""
    if len(values) == 1 and isinstance(values[0], list):
        values = [orjson.dumps([str(each) for each in values[0]]).decode()]
    return {f"p{number}": value for number, value in enumerate(values, 1)}
