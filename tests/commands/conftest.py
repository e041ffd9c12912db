"""What tests of commands have in common."""

import socket
from pathlib import Path

import pytest

from app.kit.settings import Settings
from tests.commands.terminal import Terminal
from tests.conftest import KIND
from tests.postgres import create_database

KEY = "0123456789abcdef" * 2


@pytest.fixture
async def terminal(tmp_path: Path) -> Terminal:
    """Open a shell where nothing is installed: the database is there, and empty."""
    if KIND == "sqlite":
        return Terminal(tmp_path, KEYFOB_SECRET_KEY=KEY)
    url = await create_database()
    return Terminal(tmp_path, KEYFOB_SECRET_KEY=KEY, KEYFOB_DATABASE_URL=url)


@pytest.fixture
def installed(tmp_path: Path, settings: Settings) -> Terminal:
    """Open a shell where `keyfob migrate` has been called, with the settings of this test."""
    return Terminal(
        tmp_path,
        KEYFOB_DATA_DIR=str(settings.data_dir),
        KEYFOB_DATABASE_URL=settings.database_url,
        KEYFOB_SECRET_KEY=settings.secret_keys[0],
        KEYFOB_BCRYPT_COST=str(settings.bcrypt_cost),
    )


@pytest.fixture
def port() -> str:
    """Find a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])
