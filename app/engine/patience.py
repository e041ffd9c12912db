"""A limit of time for many at once: one timer for all that is under way, where `asyncio.timeout` has one for each."""

import asyncio
from collections.abc import Awaitable
from typing import Any, Final, TypeVar

T = TypeVar("T")
GLANCES: Final = (
    20  # in the time that is allowed: nothing takes longer by more than one part in so many
)


class OutOfPatience(Exception):
    """It took too long."""


class Patience:
    """Breaks off what takes longer than so many seconds; all of it runs in one loop at a time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.loop: asyncio.AbstractEventLoop | None = None
        self.until: dict[asyncio.Task[Any], float] = {}
        self.late: set[asyncio.Task[Any]] = set()
        self.timer: asyncio.TimerHandle | None = None

    async def wait_for(self, work: Awaitable[T]) -> T:
        """Await work, and cancel it when its time is over; a task may wait for one at a time."""
        loop = self._loop()
        task = asyncio.current_task(loop)
        if task is None:
            return await work
        already = task.cancelling()
        self.until[task] = loop.time() + self.seconds
        if self.timer is None:
            self._glance_later(loop)
        try:
            return await work
        except asyncio.CancelledError:
            if task in self.late and task.cancelling() == already + 1:
                raise OutOfPatience from None
            raise
        finally:
            del self.until[task]
            if task in self.late:
                self.late.remove(task)
                task.uncancel()

    def _loop(self) -> asyncio.AbstractEventLoop:
        """Know the loop: to ask for it is to ask the system for the number of the process."""
        if self.loop is None or not self.loop.is_running():
            self.loop, self.timer = asyncio.get_running_loop(), None
        return self.loop

    def _glance_later(self, loop: asyncio.AbstractEventLoop) -> None:
        self.timer = loop.call_later(self.seconds / GLANCES, self._glance, loop)

    def _glance(self, loop: asyncio.AbstractEventLoop) -> None:
        now, self.timer = loop.time(), None
        for task, until in self.until.items():
            if until <= now and task not in self.late:
                self.late.add(task)
                task.cancel()
        if self.until:
            self._glance_later(loop)
