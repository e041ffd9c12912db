"""The clock that everything runs by."""

import asyncio
from datetime import UTC, datetime, timedelta

from app.kit import clock

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_a_moved_clock_is_moved_for_its_own_task_and_block_only() -> None:
    started = clock.now()
    with clock.moved(NOON + timedelta(microseconds=1)):
        within = clock.now()
        with clock.moved(NOON - timedelta(days=1)):
            deeper = clock.now()
        child = await asyncio.create_task(_now())

    assert (within, deeper, child) == (NOON, NOON - timedelta(days=1), NOON)
    assert started <= clock.now() < started + timedelta(minutes=1)


async def test_other_tasks_keep_their_time() -> None:
    asked = asyncio.Event()
    other = asyncio.create_task(_now_after(asked))
    await asyncio.sleep(0)

    with clock.moved(NOON):
        asked.set()
        seen = await other

    assert seen > NOON


async def _now() -> datetime:
    return clock.now()


async def _now_after(asked: asyncio.Event) -> datetime:
    await asked.wait()
    return clock.now()
