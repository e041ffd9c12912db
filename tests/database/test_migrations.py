"""Migrations: they lose nothing, leave nothing half done, and run one at a time."""

import asyncio

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError

from app.database.migrations import draft, drift, executor, migrate, pending
from app.database.opening import opened
from tests.database.models import User
from tests.database.opening import APPS
from tests.database.packages import FIRST, SECOND, Package, quiet
from tests.database.programs import run


async def test_what_is_pending_is_applied_in_order_and_once(url: str) -> None:
    done: list[str] = []
    assert await pending(url, apps=APPS) == [FIRST, SECOND]

    await migrate(url, done.append, apps=APPS)
    await migrate(url, done.append, apps=APPS)

    assert done == [FIRST, SECOND]
    assert await pending(url, apps=APPS) == []


async def test_two_processes_that_migrate_at_once_do_it_once(url: str) -> None:
    program = ("-m", "tests.database.migrating", url)

    answers = await asyncio.gather(run(*program), run(*program))

    assert sorted(answers) == [(0, "", ""), (0, f"{FIRST}\n{SECOND}\n", "")]


async def test_whoever_waits_to_migrate_can_go_away(url: str) -> None:
    async with executor(url, APPS, exclusive=True) as first:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await migrate(url, quiet, apps=APPS)
        await first.apply_all(quiet)

    assert await pending(url, apps=APPS) == []


async def test_whoever_waits_to_migrate_comes_after_whoever_is_at_it(url: str) -> None:
    async with executor(url, APPS, exclusive=True):
        second = asyncio.create_task(migrate(url, quiet, apps=APPS))
        await asyncio.sleep(0.2)
        assert await pending(url, apps=APPS) == [FIRST, SECOND]

    await second
    assert await pending(url, apps=APPS) == []


async def test_the_models_say_what_the_migrations_do() -> None:
    assert await drift(apps=APPS) == []


async def test_looking_for_drift_disturbs_no_open_database(database: str) -> None:
    assert await drift(apps=APPS) == []

    user = await User.create(email="a@x.example")
    assert await User.filter(email="a@x.example").get() == user


async def test_what_the_models_lack_is_told_and_drafted(package: Package) -> None:
    assert await drift(apps=package.apps) == [
        "models: Alter field name on Account",
        "models: Alter field role on Membership",
    ]

    written = await draft("Longer names", apps=package.apps)

    assert written == [package.folder / f"{SECOND}.py"]
    assert await drift(apps=package.apps) == []


async def test_a_migration_that_fails_leaves_nothing_behind(url: str, package: Package) -> None:
    package.add("0002_bad", FIRST, 'ops.RunSQL(["CREATE TABLE half (x INT)", "SELEKT"])')
    done: list[str] = []

    with pytest.raises(OperationalError):
        await migrate(url, done.append, apps=package.apps)

    assert done == [FIRST]
    assert await pending(url, apps=package.apps) == ["0002_bad"]
    async with opened(url, apps=package.apps):
        with pytest.raises(OperationalError, match="half"):
            await get_connection("default").execute_query("SELECT * FROM half")


async def test_a_migration_that_is_not_atomic_is_recorded_too(url: str, package: Package) -> None:
    package.add("0002_apart", FIRST, 'ops.RunSQL("CREATE TABLE apart (x INT)")', atomic=False)

    await migrate(url, quiet, apps=package.apps)

    assert await pending(url, apps=package.apps) == []
