"""A server that is about to stop: what was begun is finished, and nothing else is begun."""

import asyncio
from collections.abc import Callable
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocket

from app.engine.codes import Code
from app.web.refusing import Refused

WATCHED: Final = "/health/"
STOPPING: Final = Refused(
    503,
    Code.UNAVAILABLE,
    "This server is stopping. Try again in a moment.",
    {"Retry-After": "5", "Connection": "close"},
)


class Leaving:
    """An ASGI middleware that refuses new work once the server is stopping, but not to tell that it is."""

    def __init__(self, app: ASGIApp, is_stopping: Callable[[], bool]) -> None:
        self.app, self.is_stopping = app, is_stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it; what is cut short in the end is told so."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        has_started = False

        async def note(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            if not self.is_stopping() or scope["path"].startswith(WATCHED):
                await self.app(scope, receive, note)
                return
        except asyncio.CancelledError:
            if not self.is_stopping():
                raise
        if not has_started:
            await _refuse(scope, receive, send)


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await WebSocket(scope, receive, send).send_denial_response(STOPPING.response())
    else:
        await STOPPING.response()(scope, receive, send)
