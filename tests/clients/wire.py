"""A wire to a server, which can be cut."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


class Wire:
    """Carries bytes between clients and a server; while it is cut, nobody gets through."""

    def __init__(self, where: str) -> None:
        self.there = where.split(":")
        self.where = ""
        self.ends: set[StreamWriter] = set()
        self.is_cut = False

    def cut(self) -> None:
        """Lose every connection, and let nobody connect."""
        self.is_cut = True
        for end in self.ends:
            end.transport.abort()

    def mend(self) -> None:
        """Let clients connect again."""
        self.is_cut = False

    async def carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Carry one connection to its end."""
        if self.is_cut:
            writer.transport.abort()
            return
        back, on = await asyncio.open_connection(*self.there)
        self.ends |= {writer, on}
        with suppress(ConnectionError):
            await asyncio.gather(_pass(reader, on), _pass(back, writer))
        for end in (writer, on):
            end.close()
            self.ends.remove(end)


@asynccontextmanager
async def laid(where: str) -> AsyncIterator[Wire]:
    """Lay a wire to a host and port, from a port of its own."""
    wire = Wire(where)
    server = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    wire.where = f"{host}:{port}"
    async with server:
        yield wire
        wire.cut()


async def _pass(reader: StreamReader, writer: StreamWriter) -> None:
    while part := await reader.read(65_536):
        writer.write(part)
        await writer.drain()
    writer.close()
