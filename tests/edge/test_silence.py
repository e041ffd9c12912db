"""A database that does not hang up, and does not answer."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from app.database import listening, opening
from app.kit.settings import Settings
from app.main import Application, create_app
from app.web import health
from models import TicketMessage
from tests.conftest import KIND
from tests.edge.sites import Site, entered, is_coded, returned, works
from tests.edge.ways import Way, way

pytestmark = pytest.mark.skipif(KIND == "sqlite", reason="SQLite is a file, and always answers.")

SOON = 5.0  # seconds


@pytest.fixture
async def between(database_url: str) -> AsyncIterator[Way]:
    """A way to the database that can fall silent."""
    with TemporaryDirectory(prefix="way-") as folder:
        async with way(database_url, Path(folder)) as opened:
            yield opened


@pytest.fixture
async def app(
    settings: Settings, between: Way, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Application]:
    """The application at the end of that way, less patient than in earnest."""
    monkeypatch.setattr(opening, "STATEMENT_SECONDS", 0.5)
    monkeypatch.setattr(opening, "CONNECT_SECONDS", 0.5)
    monkeypatch.setattr(listening, "CHECK_SECONDS", 0.2)
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.5)
    reached = settings.model_copy(update={"database_url": between.url})
    application = create_app(reached, sends_mail=False)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
async def site(app: Application) -> Site:
    """Ann and a ticket, and as many connections as are ever used."""
    return await entered(app)


async def test_a_listener_that_died_silently_hears_again(
    site: Site, between: Way, database_url: str
) -> None:
    with site.app.site.hub.listening("topic") as woken:
        await asyncio.sleep(0.3)
        woken.clear()
        between.silence()
        async with asyncio.timeout(SOON):
            await woken.wait()  # something may have been missed
        woken.clear()
        await tell(database_url, "topic")
        async with asyncio.timeout(SOON):
            await woken.wait()


async def tell(url: str, topic: str) -> None:
    """Tell of a topic, as another process does."""
    other = await asyncpg.connect(url)
    await other.execute("SELECT pg_notify($1, $2)", listening.CHANNEL, f'["{topic}"]')
    await other.close()


async def test_connections_that_died_silently_are_not_used_again(site: Site, between: Way) -> None:
    between.silence()
    await asyncio.sleep(1)  # the listener has noticed

    answers = await asyncio.gather(*(site.asks() for _ in range(20)), site.replies("x"))

    assert all(map(works, answers))


async def test_a_server_that_is_silent_is_waited_for_no_longer_than_a_while(
    site: Site, between: Way
) -> None:
    between.silence(for_ever=True)
    begun = time.monotonic()

    first = await asyncio.gather(*(site.asks() for _ in range(20)), site.replies("lost"))
    then = await asyncio.gather(*(site.asks() for _ in range(20)), site.replies("lost"))
    states = await site.health()
    taken = time.monotonic() - begun
    between.open.set()
    seconds = await returned(site)

    assert all(map(is_coded, [*first, *then]))
    assert states == (200, 503)
    assert taken < 8
    assert seconds < SOON
    assert await TicketMessage.filter(body="lost").count() == 0


async def test_the_end_does_not_wait_for_a_server_that_is_silent(
    settings: Settings, between: Way
) -> None:
    reached = settings.model_copy(update={"database_url": between.url})
    application = create_app(reached, sends_mail=False)
    async with application.router.lifespan_context(application):
        site = await entered(application)
        between.silence(for_ever=True)
        begun = time.monotonic()
        asking = asyncio.create_task(site.replies("lost"))
        await asyncio.sleep(0.1)

    assert time.monotonic() - begun < SOON
    assert is_coded(await asking)
