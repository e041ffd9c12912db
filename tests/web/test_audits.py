"""The audits of graphql-http, the reference of GraphQL over HTTP, against a running server."""

import asyncio
import json
import shutil
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from tests.web.stage import endpoint, served
from tests.web.world import World

CLIENTS = Path(__file__).parents[1] / "clients"
MINUTE = 60


async def run(*command: str | Path) -> str:
    """Run a program in the folder of the clients, and return what it prints."""
    process = await asyncio.create_subprocess_exec(*command, cwd=CLIENTS, stdout=PIPE, stderr=PIPE)
    async with asyncio.timeout(MINUTE):
        printed, complained = await process.communicate()
    assert process.returncode == 0, complained.decode()
    return printed.decode()


@pytest.fixture(scope="session")
async def node() -> str:
    """Find node, and install what the clients need; skip where there is no node or no network."""
    found = shutil.which("node")
    npm = shutil.which("npm")
    if found is None or npm is None:
        pytest.skip("node and npm are not on this machine")
    if not (CLIENTS / "node_modules").is_dir():
        await run(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
    return found


async def test_every_audit_of_graphql_over_http_passes(node: str, tmp_path: Path) -> None:
    async with served(endpoint(World(), tmp_path)) as where:
        printed = await run(node, "audit.js", f"http://{where}/graphql")

    results = [json.loads(line) for line in printed.splitlines()]
    assert len(results) > 60
    assert [result for result in results if result["status"] != "ok"] == []
