"""GraphQL over a WebSocket: the protocol graphql-transport-ws, and no other."""

import asyncio
from contextlib import aclosing, suppress
from typing import Final

import orjson
from graphql import OperationType
from starlette.requests import HTTPConnection
from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketDisconnected

from app.engine.codes import Code
from app.kit.frozen import frozen
from app.web import frames, reading
from app.web.answering import Answer, Desk, refusal
from app.web.contexts import renewed
from app.web.frames import Message, Violation
from app.web.leaving import STOPPING
from app.web.refusing import Refused
from app.web.tasks import Job, cancelled, first_done, happened

PROTOCOL: Final = "graphql-transport-ws"
FAREWELL_SECONDS: Final = 1.0  # who does not read is not told why


@frozen
class Manners:
    """What is expected of who holds a socket."""

    init_seconds: float = 10
    operations: int = 100
    message_bytes: int = 1_048_576


class Socket:
    """One connection, and the operations under way on it, each with a context of its own."""

    def __init__(
        self, websocket: WebSocket, desk: Desk, manners: Manners, stopping: asyncio.Event
    ) -> None:
        self.websocket, self.desk, self.manners = websocket, desk, manners
        self.stopping = stopping
        self.scope = websocket.scope
        self.operations: dict[str, asyncio.Task[None]] = {}
        self.mutations: set[str] = set()

    async def deny(self, no: Refused) -> None:
        """Refuse before there is a connection, in JSON where the server can do that."""
        if "websocket.http.response" in self.scope.get("extensions", {}):
            await self.websocket.send_denial_response(no.response())
        else:
            await self.websocket.close()

    async def serve(self) -> None:
        """Talk until the client leaves or breaks the rules, or the server stops."""
        if PROTOCOL not in self.scope["subprotocols"]:
            await self.websocket.accept()
            await self._close(Violation(4406, "Subprotocol not acceptable"))
            return
        await self.websocket.accept(PROTOCOL)
        talk, stop = asyncio.create_task(self._talk()), asyncio.create_task(happened(self.stopping))
        try:
            await first_done([talk, stop])
            await self._finish(talk)
            if not talk.done():
                await self._close(Violation(1001, "Going away"))
        finally:
            await cancelled(talk, stop, *self.operations.values())

    async def _finish(self, talk: Job) -> None:
        """Let mutations be answered before the socket goes: a client that is cut off sends them again."""
        while self.mutations and not talk.done():
            await first_done([talk, *(self.operations[key] for key in self.mutations)])

    async def _talk(self) -> None:
        try:
            await self._greet()
            while True:
                await self._hear(await self._message())
        except Violation as violation:
            await self._close(violation)
        except WebSocketDisconnect:
            return

    async def _greet(self) -> None:
        try:
            async with asyncio.timeout(self.manners.init_seconds):
                while (message := await self._message())["type"] != "connection_init":
                    if message["type"] == "subscribe":
                        raise Violation(4401, "Unauthorized")
                    await self._hear(message)
        except TimeoutError:
            raise Violation(4408, "Connection initialisation timeout") from None
        self.scope = frames.introduced(self.scope, message)
        await self._say({"type": "connection_ack"})

    async def _message(self) -> Message:
        frame = await self.websocket.receive()
        if frame["type"] == "websocket.disconnect":
            raise WebSocketDisconnect
        return frames.message(frame, self.manners.message_bytes)

    async def _hear(self, message: Message) -> None:
        match message["type"]:
            case "ping":
                await self._say({"type": "pong"})
            case "pong":
                pass
            case "subscribe":
                await self._begin(*frames.subscribed(message))
            case "complete":
                self._cancel(message.get("id"))
            case "connection_init":
                raise Violation(4429, "Too many initialisation requests")
            case _:
                raise Violation(4400, "Unknown type of message")

    async def _begin(self, key: str, payload: Message) -> None:
        if key in self.operations:
            raise Violation(4409, f"Subscriber for {key} already exists")
        if no := self._refusal():
            await self._say({"id": key, "type": "error", "payload": no.content["errors"]})
            return
        self.operations[key] = asyncio.create_task(self._perform(key, payload))

    def _refusal(self) -> Refused | None:
        if self.stopping.is_set():
            return STOPPING
        if len(self.operations) < self.manners.operations:
            return None
        told = f"{self.manners.operations} operations at a time are allowed on a socket."
        return Refused(429, Code.LIMIT_REACHED, told)

    def _cancel(self, key: object) -> None:
        if isinstance(key, str) and (task := self._forget(key)):
            task.cancel()

    def _forget(self, key: str) -> Job | None:
        self.mutations.discard(key)
        return self.operations.pop(key, None)

    async def _perform(self, key: str, payload: Message) -> None:
        connection = renewed(self.scope)
        try:
            await self._answer(key, payload, connection)
        except Exception as error:  # noqa: BLE001  # one operation never ends the others
            await self._refuse(key, refusal(error, connection))

    async def _answer(self, key: str, payload: Message, connection: HTTPConnection) -> None:
        runnable = self.desk.find(reading.operation(payload, may_hold_nul=True))
        if runnable.kind is OperationType.MUTATION:
            self.mutations.add(key)
        async with aclosing(self.desk.answers(runnable, connection)) as answers:
            async for answer in answers:
                if answer.is_refusal:
                    await self._refuse(key, answer)
                    return
                await self._say({"id": key, "type": "next", "payload": answer.content})
        self._forget(key)
        await self._say({"id": key, "type": "complete"})

    async def _refuse(self, key: str, answer: Answer) -> None:
        # The id is free before the client is told: it may use it again at once.
        self._forget(key)
        await self._say({"id": key, "type": "error", "payload": answer.content["errors"]})

    async def _say(self, message: Message) -> None:
        with suppress(WebSocketDisconnect, WebSocketDisconnected):
            await self.websocket.send_text(orjson.dumps(message).decode())

    async def _close(self, why: Violation) -> None:
        with suppress(WebSocketDisconnect, WebSocketDisconnected, TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                await self.websocket.close(why.code, why.reason)
