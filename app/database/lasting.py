"""Work that goes on as long as the process, whatever becomes of the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from app.database.failures import Unavailable

AGAIN_SECONDS = 1.0
log = logging.getLogger(__name__)


async def go_on(work: Callable[[], Awaitable[None]]) -> None:
    """Do work that never ends, and begin again when it fails, until cancelled."""
    while True:
        with lenient():
            await work()
        await asyncio.sleep(AGAIN_SECONDS)


@contextmanager
def lenient() -> Iterator[None]:
    """Log whatever fails inside, and go on; that the database is away is no fault to be traced."""
    try:
        yield
    except Unavailable as away:
        log.warning("Work in the background is interrupted: %s", away)
    except Exception:
        log.exception("Work in the background failed.")


async def insist(work: Callable[[], Awaitable[None]], seconds: float) -> None:
    """Do something as soon as the database lets us, within so many seconds; then raise Unavailable."""
    until = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < until:
        try:
            await work()
        except Unavailable as away:
            log.warning("What was done is noted later: %s", away)
            await asyncio.sleep(AGAIN_SECONDS)
        else:
            return
    await work()
