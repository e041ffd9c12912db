"""Opening the tests' world, with our backends or with Tortoise's own."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest
from tortoise.backends.asyncpg.client import AsyncpgDBClient

from app.database.opening import config, initialised

APPS: Mapping[str, Mapping[str, object]] = {
    "models": {"models": ["tests.database.models"], "migrations": "tests.database.migrations"}
}
BY_EITHER = pytest.mark.parametrize(
    "stock",
    [
        pytest.param(False, id="ours"),
        pytest.param(True, id="stock", marks=pytest.mark.xfail(strict=True, reason="Tortoise's")),
    ],
)


@asynccontextmanager
async def opened_by(url: str, *, stock: bool = False) -> AsyncIterator[None]:
    """Open a database for every task of the process."""
    settings = config(url, pool_size=3, apps=APPS)
    connection = settings["connections"]["default"]
    if stock:
        connection["engine"] = connection["engine"].replace("app.database", "tortoise.backends")
    async with initialised(settings, everywhere=True) as context:
        try:
            yield
        finally:
            client = context.db()
            if stock and isinstance(client, AsyncpgDBClient) and client._pool:  # noqa: SLF001
                client._pool.terminate()  # noqa: SLF001  # closing waits for what was leaked
