"""GraphQL over HTTP, by the current draft of its specification, and what grew beside it."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import field
from typing import Final

import orjson
import strawberry
from graphql import OperationType
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from app.engine.codes import Code, Invalid
from app.engine.executing import Engine, Operation, Runnable
from app.engine.limits import Limits
from app.kit.frozen import frozen
from app.kit.settings import Settings
from app.web import media, reading
from app.web.answering import Answer, Desk, refusal
from app.web.contexts import ContextOf, streamed
from app.web.envelopes import WHOLE
from app.web.headers import header
from app.web.media import Media
from app.web.origins import METHODS, Origins
from app.web.refusing import Refused
from app.web.sockets import Manners, Socket
from app.web.streams import EventStream, alone

BAD_REQUEST: Final = 400
CONTENT_TYPES: Final = {kind: kind.content_type.encode() for kind in Media}


class Written(Response):
    """A response whose headers are written as they are sent, in one piece where the server can."""

    def __init__(
        self, body: bytes, status: int, kind: bytes, headers: Iterable[tuple[str, str]]
    ) -> None:
        self.body, self.status_code, self.background = body, status, None
        self.raw_headers = [(b"content-length", b"%d" % len(body)), (b"content-type", kind)]
        for name, value in headers:
            self.raw_headers.append((name.lower().encode(), value.encode("latin-1")))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        if WHOLE not in scope.get("extensions", ()):
            await super().__call__(scope, receive, send)
            return
        status, headers = self.status_code, self.raw_headers
        await send({"type": WHOLE, "status": status, "headers": headers, "body": self.body})


@frozen
class Rules:
    """What an installation allows; `page` is shown to a browser that opens the address."""

    limits: Limits = field(default_factory=Limits)
    manners: Manners = field(default_factory=Manners)
    page: Callable[[Request], Response] | None = None


class Endpoint:
    """One ASGI application for a `Route` and a `WebSocketRoute` at the same path."""

    def __init__(
        self,
        schema: strawberry.Schema,
        context_of: ContextOf,
        settings: Settings,
        rules: Rules | None = None,
    ) -> None:
        self.rules = rules or Rules()
        engine = Engine(
            schema,
            self.rules.limits,
            suggestions=settings.suggestions,
            introspection=settings.introspection,
        )
        self.desk = Desk(engine, context_of)
        self.origins = Origins(settings.allowed_origins)
        self.stopping = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or serve one socket."""
        if scope["type"] == "websocket":
            await self._serve_socket(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        try:
            response = self._page(connection) or await self._response(connection, receive)
        except reading.Gone:
            return
        response.raw_headers += self.origins.headers(connection)
        await response(scope, receive, send)

    def leave(self) -> None:
        """End the open streams and sockets: the server is about to stop."""
        self.stopping.set()

    async def finish(self) -> None:
        """Wait for the mutations that were begun, whoever asked for them is gone or not."""
        await self.desk.finish()

    async def close(self, seconds: float) -> None:
        """Wait no longer: take back what is not finished, within so many seconds."""
        await self.desk.close(seconds)

    def _page(self, connection: HTTPConnection) -> Response | None:
        scope = connection.scope
        if self.rules.page is None or scope["method"] != "GET" or scope["query_string"]:
            return None
        is_browser = media.prefers_page(header(connection, b"accept") or "")
        return self.rules.page(Request(scope)) if is_browser else None

    async def _serve_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        websocket = WebSocket(scope, receive, send)
        socket = Socket(websocket, self.desk, self.rules.manners, self.stopping)
        try:
            self.origins.refuse_foreign(socket.websocket)
        except Refused as no:
            await socket.deny(no)
        else:
            await socket.serve()

    async def _response(self, connection: HTTPConnection, receive: Receive) -> Response:
        accept = header(connection, b"accept") or ""
        kind = media.chosen(accept, is_subscription=False)
        try:
            if connection.scope["method"] == "OPTIONS":
                return self.origins.preflight(connection)
            runnable = self.desk.find(await self._operation(connection, receive))
            self._refuse_unsafe(runnable, connection)
            kind = media.chosen(accept, is_subscription=runnable.kind is OperationType.SUBSCRIPTION)
            return await self._performed(runnable, connection, kind)
        except Refused as no:
            return no.response(kind)
        except Invalid as no:
            return self._shown(refusal(no, connection), kind)

    async def _operation(self, connection: HTTPConnection, receive: Receive) -> Operation:
        match connection.scope["method"]:
            case "POST":
                return await reading.from_body(connection, receive, self.rules.limits.body_bytes)
            case "GET":
                return reading.from_address(connection)
            case _:
                raise Refused(405, Code.BAD_REQUEST, "Send GET or POST.", {"Allow": METHODS})

    def _refuse_unsafe(self, runnable: Runnable, connection: HTTPConnection) -> None:
        if runnable.kind is OperationType.MUTATION:
            if connection.scope["method"] == "GET":
                raise Refused(405, Code.BAD_REQUEST, "Send mutations by POST.", {"Allow": "POST"})
            self.origins.refuse_foreign(connection)

    async def _performed(
        self, runnable: Runnable, connection: HTTPConnection, kind: Media
    ) -> Response:
        if kind is Media.EVENTS:
            return EventStream(self.desk.answers(runnable, streamed(connection)), self.stopping)
        if runnable.kind is OperationType.SUBSCRIPTION:
            told = "Subscriptions are sent as text/event-stream, or over a WebSocket: ask for one."
            raise Refused(406, Code.BAD_REQUEST, told)
        return self._shown(await self.desk.answer(runnable, connection), kind)

    def _shown(self, answer: Answer, kind: Media) -> Response:
        if kind is Media.EVENTS:
            return EventStream(alone(answer), self.stopping)
        # Who asks for application/json knows no status but 200 for what GraphQL itself refuses.
        is_plain = kind is Media.JSON and answer.is_well_formed and answer.status == BAD_REQUEST
        status = 200 if is_plain else answer.status
        return Written(orjson.dumps(answer.content), status, CONTENT_TYPES[kind], answer.headers)
