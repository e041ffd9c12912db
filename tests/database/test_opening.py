"""Opening a database, and saying why it cannot be opened."""

import asyncio
from pathlib import Path

import pytest
from tortoise import Tortoise
from tortoise.connection import get_connection

from app.database.migrations import migrate
from app.database.opening import DatabaseUnavailable, config, opened
from tests.database.models import Counter
from tests.database.opening import APPS
from tests.database.programs import run
from tests.postgres import create_database, server_uri

FORMS = "write sqlite://path/to/file or postgres://user:password@host/name"
CRASH = """
import asyncio, sys
from tests.database.opening import opened_by
async def crash():
    await opened_by(sys.argv[1]).__aenter__()
    from tests.database.models import Counter
    await Counter.all().count()
    print("crashing")
    raise SystemExit(3)
asyncio.run(crash())
"""


@pytest.mark.parametrize(
    ("url", "message"),
    [
        (
            "mysql://root:secret@host/x",
            f"mysql://root@host/x is not the URL of a database: {FORMS}",
        ),
        ("sqlite://:memory:", f"sqlite://:memory: is not the URL of a database: {FORMS}"),
        ("sqlite://", f"sqlite:// is not the URL of a database: {FORMS}"),
        ("postgres://u:s@h:port/x", f"postgres://u@h:port/x is not the URL of a database: {FORMS}"),
        ("postgres://u:sec?ret@h/x", f"postgres://u is not the URL of a database: {FORMS}"),
        (
            "sqlite:///nowhere/at/all",
            (
                "sqlite:///nowhere/at/all cannot be opened (unable to open database file):"
                " check that its directory exists, and that we may write to it"
            ),
        ),
        (
            "postgres://u:secret@127.0.0.1:9/x?ssl=disable",
            (
                "postgres://u@127.0.0.1:9/x cannot be opened ([Errno 111] Connect call failed"
                " ('127.0.0.1', 9)): start the server, or check host and port in its URL"
            ),
        ),
    ],
)
async def test_a_database_that_cannot_be_opened_is_explained_in_one_line(
    url: str, message: str
) -> None:
    with pytest.raises(DatabaseUnavailable) as refused:
        await opened(url, apps=APPS).__aenter__()

    assert str(refused.value) == message
    with pytest.raises(DatabaseUnavailable) as refused:
        await migrate(url, lambda name: None, apps=APPS)
    assert str(refused.value) == message


async def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("Dear diary, today was a day like any other.\n" * 99)

    with pytest.raises(DatabaseUnavailable, match="file is not a database"):
        await opened(f"sqlite://{tmp_path}/diary.txt", apps=APPS).__aenter__()

    assert (tmp_path / "diary.txt").read_text().startswith("Dear diary")


async def test_a_missing_database_is_to_be_created() -> None:
    url = server_uri().replace("/postgres?", "/missing?")

    with pytest.raises(DatabaseUnavailable) as refused:
        await opened(url, apps=APPS).__aenter__()

    assert str(refused.value) == (
        'postgresql://postgres@/missing cannot be opened (database "missing" does not exist):'
        " create the database"
    )


async def test_an_unknown_user_is_to_be_checked() -> None:
    url = server_uri().replace("//postgres:", "//nobody:")

    with pytest.raises(DatabaseUnavailable, match=r"check the user and the password in its URL$"):
        await opened(url, apps=APPS).__aenter__()


async def test_an_unknown_option_is_to_be_checked() -> None:
    with pytest.raises(DatabaseUnavailable, match=r"'color'\): check the options in its URL$"):
        await opened(f"{server_uri()}&color=red", apps=APPS).__aenter__()


async def test_one_process_can_open_one_database_after_the_other(tmp_path: Path) -> None:
    urls = [f"sqlite://{tmp_path}/a", await create_database(), f"sqlite://{tmp_path}/b"]
    for url in urls * 2:
        await migrate(url, lambda name: None, apps=APPS)
        async with opened(url, apps=APPS):
            await Counter.create(value=1)
            await Counter.filter(value=1).update(value=2)

    for url in urls:
        async with opened(url, apps=APPS):
            assert [counter.value async for counter in Counter.all()] == [2, 2]


async def test_every_task_sees_what_is_open_and_none_what_is_closed(tmp_path: Path) -> None:
    ask = asyncio.Event()

    async def born_before() -> int:
        await ask.wait()
        return await Counter.all().count()

    task = asyncio.create_task(born_before())
    url = f"sqlite://{tmp_path}/x"
    await migrate(url, lambda name: None, apps=APPS)
    async with opened(url, apps=APPS):
        ask.set()
        assert await task == 0

    assert Tortoise.apps is None


@pytest.mark.parametrize(
    ("options", "mapped", "log"),
    [
        ("", 2**27, 2**26),
        ("?mmap_size=4096", 4096, 2**26),
        ("?journal_size_limit=16384", 2**27, 16384),
    ],
)
async def test_the_settings_arrive_at_sqlite(
    tmp_path: Path, options: str, mapped: int, log: int
) -> None:
    async with opened(f"sqlite://{tmp_path}/x{options}", synchronous="NORMAL", apps=APPS):
        for pragma, value in {
            "busy_timeout": 5000,
            "foreign_keys": 1,
            "journal_mode": "wal",
            "journal_size_limit": log,
            "mmap_size": mapped,
            "synchronous": 1,
        }.items():
            _, rows = await get_connection("default").execute_query(f"PRAGMA {pragma}")
            assert [tuple(row) for row in rows] == [(value,)]


async def test_sqlite_loses_nothing_that_was_committed_unless_told_to(tmp_path: Path) -> None:
    async with opened(f"sqlite://{tmp_path}/x", apps=APPS):
        _, rows = await get_connection("default").execute_query("PRAGMA synchronous")

    assert [tuple(row) for row in rows] == [(2,)]


async def test_the_settings_arrive_at_postgres() -> None:
    url = f"{await create_database()}&application_name=keyfob&sslmode=disable&maxsize=7"

    async with opened(url, apps=APPS):
        rows = await get_connection("default").execute_query_dict("SHOW application_name")

    assert rows == [{"application_name": "keyfob"}]
    credentials = config(url, pool_size=3)["connections"]["default"]["credentials"]
    assert (credentials["maxsize"], credentials["ssl"]) == ("7", "disable")


async def test_a_program_that_crashes_ends(tmp_path: Path) -> None:
    url = f"sqlite://{tmp_path}/x"
    await migrate(url, lambda name: None, apps=APPS)

    code, output, _ = await run("-c", CRASH, url)

    assert (code, output) == (3, "crashing\n")
