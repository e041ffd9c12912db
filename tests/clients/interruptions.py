"""Ways in which a stream breaks off, and what goes on meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from app.main import Application
from tests.clients.wire import Wire
from tests.stage import REPLY, Person


@asynccontextmanager
async def cut(app: Application, line: Wire, topic: str) -> AsyncIterator[None]:
    """Lose every connection without a word, for a while."""
    line.cut()
    await is_unheard(app, topic)
    yield
    line.mend()


@asynccontextmanager
async def restart(app: Application, line: Wire, topic: str) -> AsyncIterator[None]:
    """End every stream as a server does that is told to stop, until it is there again."""
    app.endpoint.leave()
    await is_unheard(app, topic)
    line.cut()
    app.endpoint.stopping.clear()
    yield
    line.mend()


async def is_unheard(app: Application, topic: str) -> None:
    """Wait until nobody listens any more."""
    async with asyncio.timeout(5):
        while app.site.hub.is_heard(topic):
            await asyncio.sleep(0.005)


async def say(person: Person, ticket: str, *bodies: str) -> None:
    """Have somebody write in a ticket."""
    for body in bodies:
        payload = await person.does(REPLY, ticketId=ticket, body=body)
        assert payload["errors"] == []
