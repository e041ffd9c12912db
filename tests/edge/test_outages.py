"""The database goes away and returns: coded while it is away, everything right soon after."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tortoise.connection import get_connection

from app.database import lending
from app.database.asyncpg import AsyncpgClient
from app.domain import audit
from app.kit import secrets
from app.kit.settings import Settings
from app.main import Application, create_app
from models import TicketMessage
from tests.conftest import KIND
from tests.edge.own_postgres import OwnServer
from tests.edge.serving import served
from tests.edge.sites import Site, entered, is_coded, returned, visited, works
from tests.sockets import streaming
from tests.stage import LOGIN, Person
from tests.test_live import FOLLOW, has_begun
from tests.visitors import heading

pytestmark = pytest.mark.skipif(KIND == "sqlite", reason="SQLite is a file, and does not go away.")

SOON = 5.0  # seconds


@pytest.fixture
async def database(own_server: OwnServer) -> str:
    """The name of a migrated database."""
    return await own_server.create_database("template")


@pytest.fixture
async def app(own_server: OwnServer, database: str, tmp_path: Path) -> AsyncIterator[Application]:
    """The application on a database that goes away."""
    choices = {"data_dir": tmp_path, "secret_keys": (secrets.mint(),), "bcrypt_cost": 4}
    settings = Settings.model_validate({"database_url": own_server.url(database), **choices})
    application = create_app(settings, sends_mail=False)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
async def site(app: Application) -> Site:
    """Ann and a ticket, and as many connections as are ever used."""
    return await entered(app)


async def test_connections_that_the_server_ended_are_not_missed(
    site: Site, own_server: OwnServer, database: str
) -> None:
    await own_server.end_sessions(database)

    reading, writing = [site.asks() for _ in range(20)], [site.replies("x") for _ in range(20)]
    answers = await asyncio.gather(*writing, *reading)

    assert all(map(works, answers))
    assert await TicketMessage.filter(ticket_id=site.ticket, body="x").count() == 20


async def test_while_it_is_away_that_is_said_and_afterwards_all_is_well(
    site: Site, own_server: OwnServer, database: str
) -> None:
    async with (
        served(site.app) as where,
        streaming(where, site.ann.token, FOLLOW, id=site.ticket) as stream,
    ):
        await has_begun(site.app, site.acme)
        await own_server.stop()

        begun = time.monotonic()
        away = await asyncio.gather(*(site.asks() for _ in range(50)), site.replies("lost"))
        health = await site.health()
        nobody = await Person(site.app).sends("{ __typename }")
        login = await Person(site.app).sends(LOGIN, input={"email": "x@x.example", "password": "x"})
        page = await visited(site.app, "/invite/x")
        async with streaming(where, site.ann.token, FOLLOW, id=site.ticket) as other:
            refused = await other.ends_with()
        taken = time.monotonic() - begun

        await own_server.start()
        seconds = await returned(site)
        later = (await stream.event())["message"]["body"]

    assert all(map(is_coded, away))
    assert health == (200, 503)
    assert works(nobody)
    assert is_coded(login)
    assert login.json()["data"] == {"login": None}
    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    assert heading(page) == "Not just now"
    assert refused == "UNAVAILABLE"
    assert taken < SOON
    assert seconds < SOON
    assert later == "after"
    assert await site.health() == (200, 200)
    assert await TicketMessage.filter(ticket_id=site.ticket, body="lost").count() == 0
    assert await audit.first_broken(site.acme) is None


async def test_a_restart_under_load_loses_nothing_that_was_answered(
    site: Site, own_server: OwnServer
) -> None:
    answered: list[str] = []
    slowest = 0.0
    is_over = asyncio.Event()

    async def write() -> None:
        nonlocal slowest
        while not is_over.is_set():
            begun = time.monotonic()
            answer = await site.replies("load")
            slowest = max(slowest, time.monotonic() - begun)
            if works(answer):
                answered.append(answer.json()["data"]["replyToTicket"]["message"]["id"])
            else:
                assert is_coded(answer), answer.text
                await asyncio.sleep(0.02)

    writers = [asyncio.create_task(write()) for _ in range(8)]
    await asyncio.sleep(0.3)
    before = len(answered)
    await own_server.stop()
    await own_server.start()
    seconds = await returned(site)
    await asyncio.sleep(0.2)
    is_over.set()
    await asyncio.gather(*writers)

    assert 0 < before < len(answered)
    assert max(seconds, slowest) < SOON
    kept = {message.id for message in await TicketMessage.filter(ticket_id=site.ticket)}
    assert set(answered) <= kept
    assert await audit.first_broken(site.acme) is None


async def test_when_all_connections_are_lent_nobody_waits_for_ever(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lending, "PATIENCE_SECONDS", 0.2)
    client = get_connection("default")
    assert isinstance(client, AsyncpgClient)
    taken = [await client.lender.take() for _ in range(10)]

    away = await asyncio.gather(*(site.asks() for _ in range(30)), site.replies("x"))
    for connection in taken:
        client.lender.give(connection)

    assert all(map(is_coded, away))
    assert await site.is_well()


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE tickets ALTER COLUMN subject TYPE varchar(4000)",
        "ALTER TABLE users ALTER COLUMN first_name TYPE varchar(4000)",
        "ALTER TABLE audit_heads ALTER COLUMN hash TYPE varchar(400)",
    ],
)
async def test_a_statement_that_went_stale_is_prepared_again_unseen(
    site: Site, own_server: OwnServer, database: str, change: str
) -> None:
    await asyncio.gather(*(site.replies("before") for _ in range(20)))
    await own_server.tell(change, database)

    writing = [site.replies("after") for _ in range(20)]
    answers = await asyncio.gather(*writing, *(site.asks() for _ in range(20)))

    assert all(map(works, answers))
    assert await TicketMessage.filter(ticket_id=site.ticket, body="after").count() == 20
    assert await audit.first_broken(site.acme) is None
