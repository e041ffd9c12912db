"""Whether the server lives, and whether it can work: for those who watch it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.engine.errors import shown_exception
from app.web.contexts import request_id

PATIENCE_SECONDS: Final = 2

IsReady: TypeAlias = Callable[[], Awaitable[bool]]


def routes(is_ready: IsReady) -> list[Route]:
    """Make /health/live and /health/ready; `is_ready` asks the database, and may raise."""

    async def ready(request: Request) -> Response:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return _said(can_work=await is_ready())
        except Exception as fault:  # noqa: BLE001  # whatever it is, there is no work here
            shown_exception(fault, request_id(request.scope))  # to the log alone
            return _said(can_work=False)

    return [Route("/health/live", live), Route("/health/ready", ready)]


async def live(_request: Request) -> Response:
    """Answer as long as there is anybody to answer."""
    return _said(can_work=True)


def _said(*, can_work: bool) -> Response:
    content = orjson.dumps({"status": "ok" if can_work else "unavailable"})
    return Response(content, 200 if can_work else 503, media_type="application/json")
