"""Work that is not left half done."""

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import TypeVar

T = TypeVar("T")


async def finish(work: Coroutine[object, None, T]) -> T:
    """Await work to its end even when the caller is cancelled; the cancellation is raised then."""
    loop = asyncio.get_running_loop()
    task = loop.create_task(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        end: asyncio.Future[None] = loop.create_future()
        task.add_done_callback(partial(_tell, end))
        try:
            await end
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is None:
        return task.result()
    raise cancelled from (None if task.cancelled() else task.exception())


def _tell(end: asyncio.Future[None], _task: object) -> None:
    if not end.done():
        end.set_result(None)
