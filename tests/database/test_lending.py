"""Lending connections: everybody gets one, nobody gets a dead one."""

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import DBConnectionError, OperationalError
from tortoise.transactions import in_transaction

from app.database.asyncpg import AsyncpgClient
from app.database.asyncpg_transactions import Connection
from app.database.lending import Lender
from tests.database.models import Counter

pytestmark = pytest.mark.parametrize("url", ["postgres"], indirect=True)


@pytest.fixture
async def lender(url: str) -> AsyncIterator[Lender[Connection]]:
    made: list[Connection] = []

    async def connect() -> Connection:
        made.append(await asyncpg.connect(url))
        return made[-1]

    yield Lender(connect, 2)
    for connection in made:
        await connection.close()


async def test_the_last_used_is_lent_first(lender: Lender[Connection]) -> None:
    first, second = await lender.take(), await lender.take()

    lender.give(first)
    lender.give(second)

    assert await lender.take() is second
    assert await lender.take() is first


async def test_whoever_waits_longest_is_served_first(lender: Lender[Connection]) -> None:
    first, second = await lender.take(), await lender.take()
    waiting = [asyncio.create_task(lender.take()) for _ in range(2)]
    await asyncio.sleep(0)

    lender.give(first)
    lender.give(second)

    assert [await task for task in waiting] == [first, second]


async def test_a_connection_handed_to_someone_who_left_is_not_lost(
    lender: Lender[Connection],
) -> None:
    first, _ = await lender.take(), await lender.take()
    waiting = asyncio.create_task(lender.take())
    await asyncio.sleep(0)

    lender.give(first)
    waiting.cancel()

    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await lender.take() is first


async def test_someone_who_left_the_queue_is_passed_over(lender: Lender[Connection]) -> None:
    first, _ = await lender.take(), await lender.take()
    waiting = [asyncio.create_task(lender.take()) for _ in range(2)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.wait((waiting[0],))

    lender.give(first)

    assert await waiting[1] is first


async def test_one_that_came_back_broken_is_replaced(lender: Lender[Connection]) -> None:
    first, second = await lender.take(), await lender.take()
    waiting = asyncio.create_task(lender.take())
    await asyncio.sleep(0)
    first.terminate()

    lender.give(first)

    assert await waiting not in (first, second)


async def test_one_that_came_back_in_a_transaction_is_replaced(lender: Lender[Connection]) -> None:
    first = await lender.take()
    await first.execute("BEGIN")

    lender.give(first)

    assert await lender.take() is not first


async def test_one_in_doubt_is_made_clean(lender: Lender[Connection]) -> None:
    first = await lender.take()
    await first.execute("BEGIN; SET statement_timeout = 1")

    await lender.restore(first)

    assert await lender.take() is first
    assert await first.fetchval("SHOW statement_timeout") == "0"
    assert not first.is_in_transaction()


async def test_one_in_doubt_that_is_dead_is_replaced(lender: Lender[Connection]) -> None:
    first = await lender.take()
    first.terminate()

    await lender.restore(first)

    assert await lender.take() is not first


async def test_closing_sends_away_whoever_waits(lender: Lender[Connection]) -> None:
    first, second = await lender.take(), await lender.take()
    lender.give(first)
    assert await lender.take() is first
    waiting = asyncio.create_task(lender.take())
    await asyncio.sleep(0)

    await lender.close()

    with pytest.raises(ConnectionError, match="was closed"):
        await waiting
    with pytest.raises(ConnectionError, match="was closed"):
        await lender.take()
    lender.give(second)
    assert second.is_closed()


async def test_closing_closes_what_is_idle(lender: Lender[Connection]) -> None:
    first = await lender.take()
    lender.give(first)

    await lender.close()

    assert first.is_closed()


async def test_a_server_that_cannot_be_reached_takes_no_place(url: str) -> None:
    async def connect() -> Connection:
        raise ConnectionRefusedError

    lender = Lender(connect, 1)

    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            await lender.take()


async def test_connections_that_the_server_closed_are_not_lent_again(database: str) -> None:
    await asyncio.gather(*(Counter.create() for _ in range(3)))
    await end_sessions(database)

    await asyncio.gather(*(Counter.create() for _ in range(9)))

    assert await Counter.all().count() == 12


async def test_a_server_that_leaves_in_a_transaction_is_told_of(database: str) -> None:
    async def leave_and_go_on() -> None:
        async with in_transaction():
            await Counter.create()
            await end_sessions(database)
            await Counter.create()

    with pytest.raises(DBConnectionError):
        await leave_and_go_on()

    assert await Counter.all().count() == 0


async def test_a_server_that_leaves_before_the_commit_is_told_of(database: str) -> None:
    async def leave() -> None:
        async with in_transaction():
            await Counter.create()
            await end_sessions(database)

    with pytest.raises(DBConnectionError):
        await leave()

    assert await Counter.all().count() == 0


async def test_wrong_statements_and_values_cost_no_connection(database: str) -> None:
    client = get_connection("default")
    assert isinstance(client, AsyncpgClient)
    before = await client.lender.take()
    client.lender.give(before)

    for _ in range(5):
        with pytest.raises(OperationalError):
            await client.execute_query("SELEKT")
        with pytest.raises(OperationalError):
            await client.execute_query("SELECT $1::int", ["one"])

    assert await client.lender.take() is before
    client.lender.give(before)


async def test_a_closed_client_opens_again_when_asked(database: str) -> None:
    await get_connection("default").close()

    assert await Counter.all().count() == 0


async def end_sessions(url: str) -> None:
    """End every session of a database but the one that asks."""
    connection = await asyncpg.connect(url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    await connection.close()
    await asyncio.sleep(0.05)  # until the news is here
