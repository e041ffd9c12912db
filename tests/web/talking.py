"""Talking graphql-transport-ws, message by message."""

import asyncio
import json
from contextlib import AbstractAsyncContextManager, suppress

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

SPOKEN = Subprotocol("graphql-transport-ws")
INIT = {"type": "connection_init"}
FORBIDDEN = {"message": "You may not.", "extensions": {"code": "FORBIDDEN", "path": ["there"]}}
SECONDS = 5


def opened(
    where: str, *protocols: Subprotocol, **headers: str
) -> AbstractAsyncContextManager[ClientConnection]:
    spoken = list(protocols) or [SPOKEN]
    return connect(f"ws://{where}/graphql", subprotocols=spoken, additional_headers=headers)


async def say(socket: ClientConnection, message: object) -> None:
    await socket.send(json.dumps(message))


async def hear(socket: ClientConnection) -> dict[str, object]:
    async with asyncio.timeout(SECONDS):
        heard: dict[str, object] = json.loads(await socket.recv(decode=True))
    return heard


async def greet(socket: ClientConnection, **payload: object) -> None:
    await say(socket, {**INIT, "payload": payload})
    assert await hear(socket) == {"type": "connection_ack"}


async def ask(socket: ClientConnection, query: str, key: str = "1", **more: object) -> None:
    await say(socket, {"id": key, "type": "subscribe", "payload": {"query": query, **more}})


async def answers(
    socket: ClientConnection, query: str, key: str = "1", **more: object
) -> list[object]:
    await ask(socket, query, key, **more)
    heard = [await hear(socket)]
    while heard[-1]["type"] == "next":
        heard.append(await hear(socket))
    return [message.get("payload", message["type"]) for message in heard]


async def closing(socket: ClientConnection) -> tuple[int, str]:
    async with asyncio.timeout(SECONDS):
        with suppress(ConnectionClosed):
            while await socket.recv():
                pass
    return socket.close_code or 0, socket.close_reason or ""
