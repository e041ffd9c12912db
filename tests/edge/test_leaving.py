"""A server that is about to stop, seen by who is in the middle of something."""

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send
from websockets.asyncio.client import ClientConnection

from app.web.endpoint import Endpoint
from app.web.leaving import Leaving
from tests.edge.raw import connected, posted
from tests.edge.serving import served
from tests.web.stage import site
from tests.web.talking import ask, closing, greet, hear, opened
from tests.web.world import World

SAVE = 'mutation { save(text: "x") }'
FOREVER = b'{"query": "subscription { forever }"}'
EVENTS = b"Accept: text/event-stream"


async def saving(socket: ClientConnection, world: World) -> None:
    """Begin a mutation that waits for the test."""
    await greet(socket)
    await ask(socket, SAVE)
    await world.has_begun.wait()


async def test_a_mutation_on_a_socket_is_answered_before_the_socket_goes(
    where: str, graph: Endpoint, world: World
) -> None:
    async with opened(where) as socket:
        await saving(socket, world)
        graph.leave()
        await ask(socket, "{ hello }", key="2")
        late = await hear(socket)
        world.is_open.set()
        heard = [await hear(socket), await hear(socket)]
        ending = await closing(socket)

    assert (late["id"], late["type"]) == ("2", "error")
    assert "UNAVAILABLE" in str(late["payload"])
    assert [each["type"] for each in heard] == ["next", "complete"]
    assert ending == (1001, "Going away")
    assert world.saved == ["x"]


async def test_a_socket_whose_client_leaves_meanwhile_is_not_waited_for(
    where: str, graph: Endpoint, world: World
) -> None:
    async with opened(where) as socket:
        await saving(socket, world)
        graph.leave()
    world.is_open.set()

    await graph.finish()

    assert world.saved == ["x"]


async def test_a_mutation_that_cannot_be_finished_is_taken_back_and_told_so(
    where: str, graph: Endpoint, world: World
) -> None:
    async with connected(where) as wire:
        await wire.send(posted(b'{"query": "mutation { save(text: \\"x\\") }"}'))
        await world.has_begun.wait()
        graph.leave()

        await graph.close(1)
        answer = await wire.answer()

    assert answer.error == (503, "UNAVAILABLE")
    assert answer.headers["retry-after"] == "5"
    assert world.saved == []


async def test_a_stream_that_nobody_reads_does_not_hold_the_server(
    graph: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.web.streams.HEARTBEAT", b":" * 10_000_000)
    monkeypatch.setattr("app.web.streams.HEARTBEAT_SECONDS", 0.01)
    async with served(site(graph)) as where, connected(where) as wire:
        wire.writer.transport.pause_reading()  # type: ignore[attr-defined]  # every one has it
        await wire.send(posted(FOREVER, EVENTS))
        await asyncio.sleep(0.3)  # the buffers are full
        graph.leave()
        begun = asyncio.get_running_loop().time()
    # The server has stopped, although what it sent was never read.
    assert asyncio.get_running_loop().time() - begun < 4


async def test_whoever_is_cut_short_is_told_so() -> None:
    stopping, has_begun = asyncio.Event(), asyncio.Event()
    sent: list[Message] = []

    async def never_ends(scope: Scope, receive: Receive, send: Send) -> None:
        has_begun.set()
        await asyncio.Event().wait()

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    guarded = Leaving(never_ends, stopping.is_set)
    scope = {"type": "http", "path": "/invite/x", "method": "GET", "headers": []}
    for is_stopping in (False, True):
        has_begun.clear()
        task = asyncio.create_task(guarded(scope, receive, send))
        await has_begun.wait()
        if is_stopping:
            stopping.set()
        task.cancel()
        await asyncio.wait([task])
        assert task.cancelled() is not is_stopping

    assert [message.get("status") for message in sent] == [503, None]
