"""Whoever goes away, at whatever moment, leaves the database usable for the others."""

import asyncio
from collections.abc import Callable, Coroutine, Generator
from dataclasses import dataclass
from functools import partial
from itertools import count
from typing import Any, TypeAlias

import pytest
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from app.database.asyncpg import AsyncpgClient
from app.database.cancel import finish
from tests.database.models import Counter
from tests.database.opening import BY_EITHER

Work: TypeAlias = Coroutine[Any, None, object]


@BY_EITHER
async def test_cancelling_at_any_await_hangs_nobody(database: str) -> None:
    for _ in range(4):  # one more than there are connections
        assert await cancelled_everywhere(count_twice) > 5

    assert await Counter.all().count() % 2 == 0


async def test_sixty_aborted_operations_leave_the_database_usable(database: str) -> None:
    async with asyncio.timeout(10):
        for turn in range(60):
            await asyncio.wait((asyncio.create_task(cancelled_at(turn % 8, count_twice())),))

    await usable()


async def test_cancelling_a_statement_hangs_nobody(database: str) -> None:
    assert await cancelled_everywhere(Counter.create) == 1


async def test_cancelling_a_bulk_insert_at_any_await_leaves_all_or_nothing(database: str) -> None:
    async def many() -> None:
        await Counter.bulk_create([Counter(value=7) for _ in range(7)])

    assert await cancelled_everywhere(many) > 1
    assert await Counter.filter(value=7).count() % 7 == 0


async def test_all_connections_come_back(database: str) -> None:
    await cancelled_everywhere(count_twice)

    async with asyncio.timeout(5):
        await asyncio.gather(*(count_twice() for _ in range(20)))
    client = get_connection("default")
    if isinstance(client, AsyncpgClient):
        taken = [await client.lender.take() for _ in range(3)]
        assert [connection.is_in_transaction() for connection in taken] == [False] * 3
        for connection in taken:
            client.lender.give(connection)


async def test_work_is_finished_before_its_cancellation_is_told() -> None:
    done = asyncio.Event()

    async def work() -> None:
        await asyncio.sleep(0.01)
        done.set()

    task = asyncio.create_task(finish(work()))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task
    assert done.is_set()


async def test_a_cancellation_keeps_the_failure_of_the_work_as_its_cause() -> None:
    async def work() -> None:
        await asyncio.sleep(0.01)
        raise LookupError

    task = asyncio.create_task(finish(work()))
    await asyncio.sleep(0)
    task.cancel()

    with pytest.raises(asyncio.CancelledError) as cancelled:
        await task
    assert isinstance(cancelled.value.__cause__, LookupError)


async def count_twice() -> None:
    """Write twice in one transaction, the second time in one within it."""
    async with in_transaction():
        await Counter.create()
        async with in_transaction():
            await Counter.create()


async def usable() -> None:
    """Read and write, or raise TimeoutError."""
    async with asyncio.timeout(1.5):
        await Counter.all().count()
        await count_twice()


async def cancelled_everywhere(work: Callable[[], Work]) -> int:
    """Cancel the work at its first await, then at its second, …; see that others can work.

    Answers how many awaits there are.
    """
    for step in count():
        try:
            await asyncio.create_task(cancelled_at(step, work()))
        except asyncio.CancelledError:
            await usable()
        else:
            return step
    raise AssertionError


async def cancelled_at(step: int, work: Work) -> None:
    """Do the work, and be cancelled when it waits for the so-manieth time."""
    await CancelledAt(step, work)


@dataclass
class CancelledAt:
    """What one awaits to do that."""

    step: int
    work: Work

    def __await__(self) -> Generator[Any, None, None]:
        go_on = partial(self.work.send, None)
        for turn in count():
            try:
                waiting = go_on()
            except StopIteration:
                return
            task = asyncio.current_task()
            if turn == self.step and task:
                task.cancel()
            try:
                yield waiting
                go_on = partial(self.work.send, None)
            except BaseException as error:  # noqa: BLE001  # the work is to see it
                go_on = partial(self.work.throw, error)
