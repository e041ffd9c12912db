"""SQLite that another program holds, or whose disk is full: coded, and not waited for."""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from tortoise.connection import get_connection

from app.database import sqlite_transactions
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


async def test_a_database_that_nobody_else_may_read_is_given_up_too(
    site: Site, settings: Settings
) -> None:
    await get_connection("default").execute_query("PRAGMA wal_checkpoint(TRUNCATE)")
    path = Path(settings.database_url.removeprefix("sqlite://"))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        health = await site.health()

    assert health == (200, 200)  # who writes hinders nobody who reads


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
