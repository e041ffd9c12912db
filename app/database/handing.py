"""Handing things over to whoever has waited longest: nobody who comes later can take them in between."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Hands(Generic[T]):
    """Those who wait, in the order in which they came; `keep` takes what nobody waits for."""

    def __init__(self, keep: Callable[[T], None]) -> None:
        self._keep = keep
        self._waiting: deque[asyncio.Future[T]] = deque()

    async def wait(self, seconds: float) -> T:
        """Wait until one is handed something, or until TimeoutError."""
        waiter: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(waiter)
        try:
            async with asyncio.timeout(seconds):
                return await waiter
        except (asyncio.CancelledError, TimeoutError):
            if waiter.done() and not waiter.cancelled() and not waiter.exception():
                self.hand(waiter.result())  # handed over in the moment of the cancellation
            raise

    def hand(self, thing: T) -> None:
        """Hand something over to who is next."""
        while self._waiting:
            if not (waiter := self._waiting.popleft()).done():
                waiter.set_result(thing)
                return
        self._keep(thing)

    def refuse(self, error: Exception) -> None:
        """Send everybody away."""
        while self._waiting:
            if not (waiter := self._waiting.popleft()).done():
                waiter.set_exception(error)
