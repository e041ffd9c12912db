"""Clients that hold connections, and clients that do not read: nobody else waits for them."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress

import pytest
from starlette.types import Receive, Scope, Send

from app.web.endpoint import Endpoint
from tests.edge.raw import Wire, connected, posted
from tests.edge.serving import served
from tests.web.stage import site
from tests.web.talking import greet, opened

GET = b"GET /health/live HTTP/1.1\r\nHost: keyfob.example\r\n\r\n"
HELLO = b'{"query": "{ hello }"}'
SOCKET = (
    b"GET /graphql HTTP/1.1\r\nHost: keyfob.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)
PART = b"x" * 65_536


class Flood:
    """An application that answers with more than anybody reads, and counts who is still there."""

    def __init__(self) -> None:
        self.open = 0
        self.is_empty = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the client is gone."""
        self.open += 1
        try:
            await (self._fill_socket if scope["type"] == "websocket" else self._fill)(send)
        finally:
            self.open -= 1
            if not self.open:
                self.is_empty.set()

    async def _fill(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(1000):
            await send({"type": "http.response.body", "body": PART, "more_body": True})
        await send({"type": "http.response.body"})

    async def _fill_socket(self, send: Send) -> None:
        await send({"type": "websocket.accept"})
        with suppress(OSError):
            for _ in range(1000):
                await send({"type": "websocket.send", "bytes": PART})


@pytest.fixture
async def patient(graph: Endpoint) -> AsyncIterator[str]:
    """A server with the patience that it has in earnest."""
    async with served(site(graph)) as host:
        yield host
        graph.leave()


async def latency(wire: Wire) -> float:
    """Measure how long an answer takes, at the median."""
    taken = []
    for _ in range(100):
        begun = time.perf_counter()
        await wire.send(posted(HELLO))
        assert (await wire.answer()).status == 200
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


async def test_idle_connections_cost_nobody_else_their_latency(patient: str) -> None:
    async with connected(patient) as wire, AsyncExitStack() as crowd:
        await latency(wire)
        alone = await latency(wire)
        idle = [await crowd.enter_async_context(connected(patient)) for _ in range(500)]
        for each in idle[:100]:
            await each.send(GET)  # and then nothing more
        for each in idle[100:200]:
            await each.send(GET[:40])  # half a header
        for _ in range(50):
            await greet(await crowd.enter_async_context(opened(patient)))

        crowded = await latency(wire)

        assert crowded < 3 * alone


async def test_slow_readers_cost_nobody_else_their_latency(patient: str) -> None:
    flood = Flood()
    async with (
        served(flood) as flooded,
        connected(patient) as wire,
        AsyncExitStack() as crowd,
    ):
        await latency(wire)
        alone = await latency(wire)
        for _ in range(50):
            await (await crowd.enter_async_context(connected(flooded))).send(GET)
        async with asyncio.timeout(10):
            while flood.open < 50:
                await asyncio.sleep(0.05)

        crowded = await latency(wire)

        assert crowded < 3 * alone


@pytest.mark.parametrize("begin", [GET, SOCKET])
async def test_who_never_reads_is_given_up(begin: bytes) -> None:
    flood = Flood()
    async with served(flood, patience=0.3) as where, connected(where) as wire:
        wire.writer.transport.pause_reading()  # type: ignore[attr-defined]  # asyncio's and uvloop's have it
        await wire.send(begin)
        async with asyncio.timeout(5):
            await flood.is_empty.wait()


async def test_who_reads_slowly_gets_it_all() -> None:
    async with served(Flood(), patience=0.5) as where, connected(where) as wire:
        await wire.send(GET)
        read, slowest = 0, time.monotonic() + 1.2
        while time.monotonic() < slowest:
            read += len(await wire.reader.readexactly(400_000))
            await asyncio.sleep(0.03)  # so that what is left fills the buffers again and again
        async with asyncio.timeout(10):
            while not (part := await wire.reader.read(1_000_000)).endswith(b"0\r\n\r\n"):
                read += len(part)

    assert read + len(part) > 1000 * len(PART)
