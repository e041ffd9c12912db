"""PostgreSQL behind Tortoise: lent connections, and transactions that survive cancellation.

The module's name tells Tortoise's migrations which dialect to write.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, TypeAlias

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.client import PoolConnectionWrapper

from app.database.asyncpg_transactions import Connection, Transacting, fetched, judged, taken
from app.database.asyncpg_transactions import Row as Record
from app.database.cancel import finish
from app.database.failures import Lost, Silent
from app.database.lending import Lender

Row: TypeAlias = dict[str, object]
Answer: TypeAlias = tuple[int, list[Row]]


class Lent(PoolConnectionWrapper[Connection]):
    """A connection for one statement."""

    __slots__ = ("lender", "lent")

    def __init__(self, client: "AsyncpgClient") -> None:
        self.lender = client.lender

    async def __aenter__(self) -> Connection:
        self.lent = self.lender.take_idle() or await taken(self.lender)
        return self.lent

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        if error is None:
            self.lender.give(self.lent)
        elif failure := judged(error, self.lent, self.lender):
            self.lender.give(self.lent)  # an answered statement leaves nothing behind
            raise failure from error
        else:
            await finish(self.lender.restore(self.lent))


class AsyncpgClient(AsyncpgDBClient):
    """PostgreSQL, as Tortoise sees it."""

    @cached_property
    def lender(self) -> Lender[Connection]:
        """Who keeps the connections."""
        return Lender(self.connect, self.pool_maxsize)

    async def create_connection(self, with_db: bool) -> None:  # noqa: FBT001  # Tortoise's
        """Connect once, so that what is wrong with the address is known now."""
        self.lender.give(await self.lender.take())
        await self._post_connect()

    async def close(self) -> None:
        """Close every connection; the next statement would open another."""
        await self.lender.close()
        del self.lender

    def acquire_connection(self) -> Lent:
        """Lend a connection for one statement."""
        return Lent(self)

    async def select(self, query: str, values: Sequence[object]) -> Sequence[Record]:
        """Run a SELECT, and once more if its connection was dead already."""
        try:
            return await fetched(self.acquire_connection(), query, values)
        except Silent:
            raise
        except Lost:
            return await fetched(self.acquire_connection(), query, values)

    async def execute_query(self, query: str, values: list[object] | None = None) -> Answer:
        """Run a statement; a SELECT once more if its connection was dead already."""
        try:
            answer: Answer = await super().execute_query(query, values)
        except Lost as lost:
            if not _can_be_repeated(query, lost):
                raise
            answer = await super().execute_query(query, values)
        return answer

    async def execute_query_dict(self, query: str, values: list[object] | None = None) -> list[Row]:
        """Run a statement; a SELECT once more if its connection was dead already."""
        try:
            rows: list[Row] = await super().execute_query_dict(query, values)
        except Lost as lost:
            if not _can_be_repeated(query, lost):
                raise
            rows = await super().execute_query_dict(query, values)
        return rows

    async def execute_many(self, query: str, values: list[list[object]]) -> None:
        """Run a statement for many rows, for all of them or for none."""
        async with self._in_transaction() as transaction:
            await transaction.execute_many(query, values)

    def _in_transaction(self) -> Transacting:
        return Transacting(self, self.lender)

    async def connect(self) -> Connection:
        """Open a connection apart from those that are lent: to listen, or to hold a lock."""
        given = {"application_name": self.application_name, "search_path": self.schema}
        given["DateStyle"] = "ISO"  # a statement may read an instant as text
        address: dict[str, Any] = {
            "host": self.host,
            "port": self.port,
            "user": self.user,
            "password": self.password,
            "database": self.database,
            "server_settings": self.server_settings | {k: v for k, v in given.items() if v},
        }
        return await asyncpg.connect(**address, **self.extra)


def _can_be_repeated(query: str, lost: Lost) -> bool:
    return query.lstrip()[:6].upper() == "SELECT" and not isinstance(lost, Silent)


client_class = AsyncpgClient
