"""SQLite that another program holds, or whose disk is full: coded, and not waited for."""

import asyncio
import time

import pytest
from tortoise.connection import get_connection

from app.database import sqlite, sqlite_transactions
from app.database.sqlite import SqliteClient
from app.kit.settings import Settings
from app.main import Application
from models import TicketMessage
from tests.conftest import KIND
from tests.edge.processes import locked
from tests.edge.sites import Site, entered, is_coded, works

pytestmark = pytest.mark.skipif(KIND != "sqlite", reason="This is about SQLite.")


@pytest.fixture
async def site(app: Application) -> Site:
    """Ann and a ticket, on a database that is not patient."""
    found = await entered(app)
    await get_connection("default").execute_query("PRAGMA busy_timeout = 200")
    return found


async def test_a_locked_database_can_be_read_and_is_soon_given_up_by_who_writes(
    site: Site, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_transactions, "WAITING_SECONDS", 0.5)
    async with locked(settings, site.acme):
        begun = time.monotonic()
        writing = await asyncio.gather(*(site.replies("lost") for _ in range(20)))
        taken = time.monotonic() - begun
        reading = await asyncio.gather(*(site.asks() for _ in range(20)))
    after = await site.is_well()

    assert all(map(is_coded, writing))
    assert taken < 2
    assert all(map(works, reading))
    assert after
    assert await TicketMessage.filter(body="lost").count() == 0


async def test_when_all_who_read_are_busy_nobody_waits_for_ever(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "WAITING_SECONDS", 0.2)
    client = get_connection("default")
    assert isinstance(client, SqliteClient)
    lent = [await client.readers.take() for _ in range(2)]

    waiting = await asyncio.gather(*(site.asks() for _ in range(20)))
    for connection in lent:
        client.readers.give(connection)

    assert all(map(is_coded, waiting))
    assert works(await site.asks())


async def test_a_full_disk_is_said(site: Site) -> None:
    client = get_connection("default")
    [[pages]] = (await client.execute_query("PRAGMA page_count"))[1]
    await client.execute_query(f"PRAGMA max_page_count = {pages + 1}")
    body = "x" * 9_000

    answers = [await site.replies(body) for _ in range(3)]
    reading = await site.asks()
    await client.execute_query("PRAGMA max_page_count = 1000000")

    assert is_coded(answers[-1])
    assert works(reading)
    assert await site.is_well()
    assert await TicketMessage.filter(body=body).count() == sum(map(works, answers))
