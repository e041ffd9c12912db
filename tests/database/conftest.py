"""A database of each kind, fresh for every test, on our backends or on Tortoise's own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.database.migrations import migrate
from tests.database.opening import APPS, opened_by
from tests.database.packages import FIRST, Package
from tests.postgres import create_database


@pytest.fixture(params=["sqlite", "postgres"])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name an empty database."""
    return (
        f"sqlite://{tmp_path}/x.sqlite3" if request.param == "sqlite" else await create_database()
    )


@pytest.fixture
def stock() -> bool:
    """Tell whether to use Tortoise's own backend, to see it fail."""
    return False


@pytest.fixture
async def database(url: str, stock: bool) -> AsyncIterator[str]:  # noqa: FBT001
    """Open a migrated database, and name it."""
    await migrate(url, lambda name: None, apps=APPS)
    async with opened_by(url, stock=stock):
        yield url


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    """Begin with the first migration."""
    monkeypatch.syspath_prepend(tmp_path)
    package = Package(tmp_path)
    package.copy(FIRST)
    return package
