"""A way to PostgreSQL that can fall silent: nobody hangs up, and nothing comes through any more."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

NAME = ".s.PGSQL.5432"


class Way:
    """Hands on what is said between clients and the server, while it is open."""

    def __init__(self, url: str, folder: Path) -> None:
        [real] = parse_qs(urlsplit(url).query)["host"]
        self.server = f"{real}/{NAME}"
        self.url = url.replace(real, str(folder))
        self.open = asyncio.Event()
        self.open.set()
        self.pumps: set[asyncio.Task[None]] = set()
        self.ends: list[asyncio.StreamWriter] = []

    def silence(self, *, for_ever: bool = False) -> None:
        """Let nothing through of what is open now; nor, until `open` is set, of what is opened later."""
        if for_ever:
            self.open.clear()
        for pump in self.pumps:
            pump.cancel()

    async def enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect a client to the server."""
        self.ends.append(writer)
        await self.open.wait()
        there, away = await asyncio.open_unix_connection(self.server)
        self.ends.append(away)
        pumps = {asyncio.create_task(pump(reader, away)), asyncio.create_task(pump(there, writer))}
        self.pumps |= pumps
        done, _ = await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        if not any(each.cancelled() for each in done):
            writer.close()
            away.close()

    async def close(self) -> None:
        """Hang up."""
        for pump in self.pumps:
            pump.cancel()
        for end in self.ends:
            end.transport.abort()
        await asyncio.sleep(0)


async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hand on what comes."""
    with suppress(ConnectionError):
        while part := await reader.read(65_536):
            writer.write(part)


@asynccontextmanager
async def way(url: str, folder: Path) -> AsyncIterator[Way]:
    """Open a way to the database of a URL."""
    between = Way(url, folder)
    entries: set[asyncio.Task[None]] = set()

    def enter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        entries.add(asyncio.create_task(between.enter(reader, writer)))

    async with await asyncio.start_unix_server(enter, folder / NAME):
        try:
            yield between
        finally:
            for entry in entries:
                entry.cancel()
            await between.close()
