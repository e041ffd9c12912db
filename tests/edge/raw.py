"""Talking to a server byte by byte, as no HTTP client would."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

SECONDS = 5


@dataclass(frozen=True)
class Answer:
    """An answer, taken apart; `rest` is what came after it."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    rest: bytes

    @property
    def error(self) -> tuple[int, str]:
        """The status, and the code of the only error."""
        content: dict[str, Any] = json.loads(self.body)
        [error] = content["errors"]
        return self.status, error["extensions"]["code"]


@dataclass
class Wire:
    """A connection to a server."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, *parts: bytes) -> None:
        """Send bytes."""
        self.writer.write(b"".join(parts))
        await self.writer.drain()

    async def answer(self) -> Answer:
        """Read one answer whose length is told."""
        async with asyncio.timeout(SECONDS):
            head = await self.reader.readuntil(b"\r\n\r\n")
            status, headers = taken_apart(head)
            body = await self.reader.readexactly(int(headers["content-length"]))
        return Answer(status, headers, body, b"")

    async def everything(self) -> bytes:
        """Read until the server closes."""
        async with asyncio.timeout(SECONDS):
            return await self.reader.read()

    async def last_answer(self) -> Answer:
        """Read an answer, and until the server closes."""
        answer = await self.answer()
        return Answer(answer.status, answer.headers, answer.body, await self.everything())


@asynccontextmanager
async def connected(where: str) -> AsyncIterator[Wire]:
    """Connect to a host and port."""
    host, _, port = where.rpartition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        yield Wire(reader, writer)
    finally:
        writer.transport.abort()


def taken_apart(head: bytes) -> tuple[int, dict[str, str]]:
    """Take the head of an answer apart."""
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    pairs = (line.partition(": ") for line in lines)
    return int(first.split()[1]), {name.lower(): value for name, _, value in pairs}


def posted(body: bytes, *headers: bytes) -> bytes:
    """Write a POST of JSON."""
    lines = [
        b"POST /graphql HTTP/1.1",
        b"Host: keyfob.example",
        b"Content-Type: application/json",
        b"Content-Length: %d" % len(body),
        *headers,
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
