"""What SQLite tells of whether anything was written: to each connection that reads, whoever writes, from wherever."""

import asyncio
import random
import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
from tortoise.connection import get_connection
from tortoise.transactions import in_transaction

from app.database import current, generations
from app.database.generations import Watch
from app.database.migrations import migrate
from app.database.opening import opened
from app.database.riders import Outdated
from app.database.sqlite import SqliteClient
from app.kit import clock
from models import Department

COUNT = "SELECT count(*) FROM departments"
LOOK = f"SELECT {generations.VERSION}, ({COUNT})"


@pytest.fixture
async def client(tmp_path: Path) -> AsyncIterator[SqliteClient]:
    """A database of its own."""
    url = f"sqlite://{tmp_path}/generations.db"
    await migrate(url, lambda _name: None)
    async with opened(url):
        found = get_connection("default")
        assert isinstance(found, SqliteClient)
        yield found


async def write() -> None:
    """Write something."""
    await Department.create(name=f"{random.random()}", created_at=clock.now())  # noqa: S311


def write_from_outside(path: str) -> None:
    """Write as another process would."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE departments SET description = hex(randomblob(9))")


async def test_what_is_read_in_one_generation_is_the_same(client: SqliteClient) -> None:
    counts: defaultdict[int, set[int]] = defaultdict(set)
    chance = random.Random(7)  # noqa: S311  # the same each time

    async def look() -> None:
        rows, generation = await client.look(LOOK, ())
        if generation is not None:
            counts[generation].add(rows[0][1])

    for _ in range(60):
        acts = [look] * chance.randint(1, 6) + [write] * chance.randint(0, 2)
        chance.shuffle(acts)
        await asyncio.gather(*(act() for act in acts))

    assert len(counts) > 20
    assert [seen for seen in counts.values() if len(seen) > 1] == []


async def settled(client: SqliteClient) -> int:
    """Let every connection look, and say which generation goes on."""
    for _ in range(3):
        await asyncio.gather(*(client.look(LOOK, ()) for _ in range(4)))
    return client.generation


async def test_a_write_from_anywhere_ends_a_generation(client: SqliteClient) -> None:
    await write()
    for change in (write, lambda: asyncio.to_thread(write_from_outside, str(client.filename))):
        watch = Watch(await settled(client), None, ())
        assert await watch.settle()
        again = Watch(client.generation, None, ())

        await change()

        with pytest.raises(Outdated):
            await again.carry(COUNT, ())
        assert await Watch(client.generation, None, ()).settle()


async def test_a_condition_counts_too_and_a_list_without_a_row_tells_nothing(
    client: SqliteClient,
) -> None:
    generation = await settled(client)

    assert await Watch(generation, "$2 > $1", (1, 2)).settle()
    assert not await Watch(generation, "$1 > $2", (1, 2)).settle()
    empty = Watch(generation, None, ())
    assert await empty.carry("SELECT id FROM departments WHERE name = ?", ("nobody",)) == []
    assert empty.answer is None
    assert await empty.settle()


async def test_what_is_read_among_writes_is_of_no_generation(client: SqliteClient) -> None:
    generation = await settled(client)

    async with in_transaction():
        _, found = await current.connection().look(LOOK, ())
        assert found is None
        assert generations.present() != generation
