"""Scripts of clients, played by node while a test goes on."""

import asyncio
import json
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from tests.clients.npm import FOLDER

PATIENCE: Final = 20


@dataclass
class Script:
    """A script that is being played."""

    process: Process

    async def says(self) -> str:
        """Wait for the next line."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            return (await self.process.stdout.readline()).decode().strip()

    async def tells(self) -> object:
        """Wait for the end, a good one and without complaints; returns what the last line tells."""
        told = await self.says()
        async with asyncio.timeout(PATIENCE):
            more, complaints = await self.process.communicate()
        assert (self.process.returncode, more) == (0, b""), complaints.decode()
        assert complaints == b"", complaints.decode()
        return json.loads(told)


@asynccontextmanager
async def played(node: str, name: str, told: Mapping[str, str]) -> AsyncIterator[Script]:
    """Have a script played; a test that fails meanwhile also says what the script complained of."""
    process = await asyncio.create_subprocess_exec(
        node, name, cwd=FOLDER, env=os.environ | told, stdout=PIPE, stderr=PIPE
    )
    try:
        yield Script(process)
    except BaseException as failure:
        if process.returncode is None:
            process.kill()
        failure.add_note(b"".join(await process.communicate()).decode())
        raise
