"""Several servers: at one port, and on one database that goes away while they are told to stop."""

import signal
import time
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from app.kit import secrets
from app.kit.settings import Settings
from tests.conftest import KIND
from tests.edge import processes
from tests.edge.own_postgres import OwnServer
from tests.edge.raw import Wire, connected, posted

HELLO = posted(b'{"query": "{ __typename }"}')


async def asked(where: str, crowd: AsyncExitStack) -> tuple[int, Wire]:
    """Ask on a connection of its own, which stays open."""
    wire = await crowd.enter_async_context(connected(where))
    await wire.send(HELLO)
    return (await wire.answer()).status, wire


@pytest.mark.skipif(KIND == "sqlite", reason="On SQLite there is one server.")
async def test_two_servers_share_a_port_and_one_may_go(settings: Settings, tmp_path: Path) -> None:
    port = processes.free_port()
    shell = processes.terminal(settings, tmp_path)
    where, command = f"127.0.0.1:{port}", ("serve", "--share-port", "--port", str(port))
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(processes.running(shell, *command))
        second = await stack.enter_async_context(processes.running(shell, *command))
        async with AsyncExitStack() as crowd:
            before = [await asked(where, crowd) for _ in range(40)]
            first.send_signal(signal.SIGTERM)
            begun, during = time.monotonic(), []
            while first.poll() is None:
                during.append(await asked(where, crowd))
            after = await asked(where, crowd)
            left = sum(wire.reader.at_eof() for _, wire in before)
        code, seconds, complaints = await processes.ended(first, begun)
        second.send_signal(signal.SIGTERM)
        other = await processes.ended(second, time.monotonic())

    assert {status for status, _ in before} == {200}
    assert {status for status, _ in during} <= {200, 503}  # who came in its last moment was told so
    assert after[0] == 200
    assert 0 < left < 40  # each had a part of them
    assert (code, complaints) == (other[0], other[2]) == (0, "")
    assert seconds < 10


@pytest.mark.skipif(KIND != "sqlite", reason="On PostgreSQL there can be several.")
def test_on_sqlite_a_port_is_not_shared(settings: Settings, tmp_path: Path) -> None:
    shell = processes.terminal(settings, tmp_path)

    assert shell.complaint("serve", "--share-port") == (
        "keyfob: --share-port: on SQLite there is one server. Use PostgreSQL for more."
    )


@pytest.mark.skipif(KIND == "sqlite", reason="SQLite is a file, and does not go away.")
async def test_a_server_and_a_worker_stop_well_without_their_database(
    own_server: OwnServer, tmp_path: Path
) -> None:
    url = own_server.url(await own_server.create_database("template"))
    settings = Settings.model_validate({"database_url": url, "secret_keys": (secrets.mint(),)})
    shell = processes.terminal(settings, tmp_path)
    port = str(processes.free_port())
    async with (
        processes.running(shell, "serve", "--port", port) as server,
        processes.running(shell, "worker") as worker,
    ):
        await own_server.stop()
        begun = time.monotonic()
        for process in (server, worker):
            process.send_signal(signal.SIGTERM)
        ends = [await processes.ended(process, begun) for process in (server, worker)]
        await own_server.start()

    assert [code for code, _, _ in ends] == [0, 0]
    assert max(seconds for _, seconds, _ in ends) < 10
    assert "Traceback" not in "".join(complaints for _, _, complaints in ends)
