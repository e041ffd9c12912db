"""Answers that go on: server-sent events, as graphql-sse's "distinct connections" mode has them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Final

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.web.answering import Answer
from app.web.media import Media
from app.web.tasks import cancelled, first_done, happened

HEARTBEAT_SECONDS: Final = 12
FAREWELL_SECONDS: Final = 1.0  # who does not read is not told of the end
HEARTBEAT: Final = b":\n\n"
COMPLETE: Final = b"event: complete\ndata:\n\n"


class EventStream(Response):
    """The answers to one operation, until they, the client or the server end."""

    def __init__(self, answers: AsyncGenerator[Answer], stopping: asyncio.Event) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"}, media_type=Media.EVENTS.content_type)
        del self.headers["content-length"]
        self.answers, self.stopping = answers, stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send each answer as it comes, and a sign of life in between."""
        start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(start)
        ends = (self._send_answers(send), _left(receive), happened(self.stopping), _beat(send))
        jobs = [asyncio.create_task(each) for each in ends]
        try:
            await first_done(jobs)
        finally:
            await cancelled(*jobs)
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                await send({"type": "http.response.body", "body": COMPLETE})

    async def _send_answers(self, send: Send) -> None:
        async with aclosing(self.answers) as answers:
            async for answer in answers:
                event = b"event: next\ndata: " + orjson.dumps(answer.content) + b"\n\n"
                await _send_part(send, event)


async def alone(answer: Answer) -> AsyncGenerator[Answer]:
    """Make a stream of one answer."""
    yield answer


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _beat(send: Send) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        await _send_part(send, HEARTBEAT)


async def _send_part(send: Send, part: bytes) -> None:
    await send({"type": "http.response.body", "body": part, "more_body": True})
