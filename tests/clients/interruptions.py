"""Ways in which the streams about a topic break off, for as long as the context is open."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TypeAlias

from app.main import Application
from tests.clients.wire import Wire

Interruption: TypeAlias = Callable[[Application, Wire, str], AbstractAsyncContextManager[None]]


@asynccontextmanager
async def cut(app: Application, line: Wire, topic: str) -> AsyncIterator[None]:
    """Lose every connection without a word."""
    line.cut()
    await _ended(app, topic)
    yield
    line.mend()


@asynccontextmanager
async def restart(app: Application, line: Wire, topic: str) -> AsyncIterator[None]:
    """End every stream as a server does that is told to stop, and do so until it is there again."""
    app.endpoint.leave()
    await _ended(app, topic)
    yield
    app.endpoint.stopping.clear()


async def _ended(app: Application, topic: str) -> None:
    async with asyncio.timeout(5):
        while app.site.hub.is_heard(topic):
            await asyncio.sleep(0.005)
