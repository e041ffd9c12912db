"""Sockets and servers for tests that need a port: graphql-transport-ws as a client speaks it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

PROTOCOL = Subprotocol("graphql-transport-ws")
PATIENCE = 10


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """Serve an application that runs already on a port of this machine; yields host and port."""
    config = uvicorn.Config(
        app,
        port=0,
        ws="websockets-sansio",
        log_config=None,
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    try:
        yield f"{host}:{port}"
    finally:
        await server.shutdown()


@dataclass
class Stream:
    """One operation on a socket of its own."""

    socket: ClientConnection

    async def next(self) -> dict[str, Any]:
        """Wait for the next message."""
        return json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE))  # type: ignore[no-any-return]

    async def event(self) -> dict[str, Any]:
        """Wait for the next event, and return its only field."""
        message = await self.next()
        assert message["type"] == "next", message
        assert "errors" not in message["payload"], message
        (event,) = message["payload"]["data"].values()
        return event  # type: ignore[no-any-return]

    async def ends_with(self) -> str:
        """Wait for the end, and return the code that it came with."""
        message = await self.next()
        assert message["type"] in {"next", "error"}, message
        errors = message["payload"]["errors"] if message["type"] == "next" else message["payload"]
        if message["type"] == "next":
            assert (await self.next())["type"] == "complete"
        return errors[0]["extensions"]["code"]  # type: ignore[no-any-return]


@asynccontextmanager
async def streaming(
    where: str, token: str | None, query: str, **variables: object
) -> AsyncIterator[Stream]:
    """Subscribe on a socket of its own; a query on the same socket makes sure that it has begun."""
    async with connect(f"ws://{where}/graphql", subprotocols=[PROTOCOL]) as socket:
        stream = Stream(socket)
        greeting = {"authorization": f"Bearer {token}"} if token else {}
        await socket.send(json.dumps({"type": "connection_init", "payload": greeting}))
        assert (await stream.next())["type"] == "connection_ack"
        payload = {"query": query, "variables": variables}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        yield stream
