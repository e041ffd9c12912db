"""Node, and what the clients' scripts need of npm."""

import asyncio
import fcntl
import json
import shutil
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent
CI: Final = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
PATIENCE: Final = 60


class Absent(Exception):
    """Why no script can be run here."""


async def prepare() -> str:
    """Install what the lock file names and let Relay compile; returns the path of node, or raises Absent."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise Absent("node and npm are not on this machine")
    async with alone():
        if not is_installed():
            await run(npm, *CI)
        await run(node, "node_modules/relay-compiler/cli.js")
    return node


@asynccontextmanager
async def alone() -> AsyncIterator[None]:
    """Wait for another run of the suite that installs into the same folder: there is one for each database."""
    with (FOLDER / ".installing").open("w") as mark:
        await asyncio.to_thread(fcntl.flock, mark, fcntl.LOCK_EX)
        yield


def is_installed() -> bool:
    """Tell whether the very packages of the lock file are there: npm notes what it has installed."""
    noted = FOLDER / "node_modules" / ".package-lock.json"
    if not noted.is_file():
        return False
    locked = json.loads((FOLDER / "package-lock.json").read_text())["packages"]
    wanted = {path: package for path, package in locked.items() if path}
    return bool(json.loads(noted.read_text())["packages"] == wanted)


async def run(*command: str) -> str:
    """Run a program in the folder of the clients to its good end, and return what it prints."""
    process = await asyncio.create_subprocess_exec(*command, cwd=FOLDER, stdout=PIPE, stderr=PIPE)
    async with asyncio.timeout(PATIENCE):
        printed, complained = await process.communicate()
    assert process.returncode == 0, printed.decode() + complained.decode()
    return printed.decode()
