"""The outermost layer: an id for every request, the headers of every answer, the last resort."""

from collections.abc import Container, Sequence
from typing import Final

import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.engine.codes import Code
from app.engine.errors import note_fault, shown_exception
from app.web.contexts import request_id
from app.web.envelopes import WHOLE

HEADERS: Final = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
NAMES: Final = [name for name, _ in HEADERS]
STARTS: Final = frozenset({"http.response.start", "websocket.http.response.start", WHOLE})


class Edge:
    """An ASGI middleware round the whole application; what a page sets itself is left alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and answer it if nobody else does."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        told = request_id(scope)
        has_started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal has_started
            has_started = True
            if message["type"] in STARTS:
                own = dict(message["headers"])
                added = HEADERS if own.keys().isdisjoint(NAMES) else _unless(own)
                message["headers"] = [*message["headers"], *added, (b"x-request-id", told.encode())]
            await send(message)

        try:
            await self.app(scope, receive, send_with_headers)
        except Exception as fault:
            if has_started or scope["type"] == "websocket":
                note_fault(fault, told)
                raise
            await _last_resort(fault, told)(scope, receive, send_with_headers)


def _unless(own: Container[bytes]) -> Sequence[tuple[bytes, bytes]]:
    return [header for header in HEADERS if header[0] not in own]


def _last_resort(fault: Exception, told: str) -> Response:
    error = shown_exception(fault, told)
    is_away = error["extensions"]["code"] == Code.UNAVAILABLE
    status, headers = (503, {"Retry-After": "5"}) if is_away else (500, None)
    body = orjson.dumps({"errors": [error]})
    return Response(body, status, headers, media_type="application/json")
