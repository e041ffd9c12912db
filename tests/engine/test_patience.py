"""What takes too long is broken off, each at its own time; who cancels it for another reason is obeyed."""

import asyncio

import pytest

from app.engine.patience import OutOfPatience, Patience

SHORT = 0.05


async def ends(work: asyncio.Task[str]) -> str:
    """Say how something ended."""
    try:
        return await work
    except OutOfPatience:
        return "out of patience"
    except asyncio.CancelledError:
        return "cancelled"


def begun(patience: Patience, seconds: float) -> asyncio.Task[str]:
    """Begin something that takes so many seconds."""
    return asyncio.create_task(patience.wait_for(asyncio.sleep(seconds, "done")))


async def test_each_has_its_own_time() -> None:
    patience = Patience(SHORT)
    works = [begun(patience, 0), begun(patience, 9)]
    await asyncio.sleep(SHORT / 2)
    works += [begun(patience, SHORT / 4), begun(patience, 9)]
    began = asyncio.get_running_loop().time()

    assert [await ends(work) for work in works] == ["done", "out of patience"] * 2
    assert SHORT / 2 < asyncio.get_running_loop().time() - began < SHORT * 9
    assert (patience.until, patience.late) == ({}, set())


async def test_who_is_broken_off_may_go_on() -> None:
    patience = Patience(SHORT)

    async def in_one_task() -> str:
        with pytest.raises(OutOfPatience):
            await patience.wait_for(asyncio.sleep(9))
        return await patience.wait_for(asyncio.sleep(SHORT / 2, "went on"))

    work = asyncio.create_task(in_one_task())
    assert await work == "went on"
    assert work.cancelling() == 0


async def test_a_cancellation_from_outside_stays_one() -> None:
    patience = Patience(9)
    work = begun(patience, 9)
    await asyncio.sleep(0)
    work.cancel()

    assert await ends(work) == "cancelled"


def test_another_loop_is_another_time() -> None:
    patience = Patience(SHORT)

    async def too_long() -> str:
        return await ends(begun(patience, 9))

    assert [asyncio.run(too_long()), asyncio.run(too_long())] == ["out of patience"] * 2
