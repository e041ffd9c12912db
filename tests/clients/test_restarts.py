"""A server that is killed, and one that is told to stop: whoever follows a ticket misses nothing."""

import asyncio
import signal
from pathlib import Path

import pytest

from app.kit.settings import Settings
from tests.clients.interruptions import say
from tests.clients.scripts import played
from tests.clients.test_clients import HEARD
from tests.commands.terminal import Terminal
from tests.stage import Person
from tests.test_processes import free_port, server


@pytest.mark.slow
@pytest.mark.parametrize("script", ["graphql_sse.mjs", "graphql_ws.mjs", "urql_sse.mjs"])
async def test_a_client_outlives_the_servers(
    script: str,
    node: str,
    ann: Person,
    settings: Settings,
    tmp_path: Path,
    told: dict[str, str],
) -> None:
    if settings.is_sqlite:
        pytest.skip("On SQLite there is one server process, and no other to hear.")
    terminal, port = shell(settings, tmp_path), free_port()
    ticket, elsewhere = told["KEYFOB_TICKET"], {"KEYFOB_URL": f"http://127.0.0.1:{port}/graphql"}
    with server(terminal, port) as killed:
        async with played(node, script, told | elsewhere) as playing:
            await asyncio.sleep(3)  # nothing tells that a stream in another process has begun
            await say(ann, ticket, "One")
            assert await playing.says() == "1"
            killed.kill()
            await asyncio.to_thread(killed.wait, 10)
            await say(ann, ticket, "Two", "Three")
            with server(terminal, port) as stopped:
                assert await playing.says() == "3"
                stopped.send_signal(signal.SIGTERM)
                assert await asyncio.to_thread(stopped.wait, 10) == 0
            await say(ann, ticket, "Four", "Five")
            with server(terminal, port):
                answers = await playing.tells()

    assert isinstance(answers, dict)
    assert answers["heard"] == HEARD


def shell(settings: Settings, folder: Path) -> Terminal:
    """Make a shell whose servers share the test's database."""
    return Terminal(
        folder,
        KEYFOB_DATABASE_URL=settings.database_url,
        KEYFOB_SECRET_KEY=settings.secret_keys[0],
        KEYFOB_BCRYPT_COST="4",
        KEYFOB_DATA_DIR=str(folder),
    )
