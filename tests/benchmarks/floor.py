"""The floor: Starlette, asyncpg or aiosqlite, and orjson, written by hand for the questions that are asked.

It keeps what the contract needs (session, membership, locks, the sealed event, the mail), and nothing else:
no guards on types, no limits, no codes of errors, no request ids.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Final

import asyncpg
import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.benchmarks import floor_log, floor_reads, floor_sql, floor_sqlite, floor_writes
from tests.benchmarks.floor_reads import Asked, Connection, Viewer

POOL: Final = 10
Answering = Callable[[Connection, Viewer, Asked], Awaitable[object]]
ANSWERS: Final[dict[str, Answering]] = {
    "TicketPage": floor_reads.ticket_page,
    "Chooser": floor_reads.chooser,
    "Tickets": floor_reads.tickets,
    "Me": floor_reads.me,
    "Log": floor_log.log,
    "Reply": floor_writes.reply,
}


async def keep(_connection: object) -> None:
    """Leave a connection as it is: these statements set nothing."""


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Open the pool."""
    url = os.environ["KEYFOB_DATABASE_URL"]
    if url.startswith("sqlite://"):
        app.state.pool = await floor_sqlite.opened(url.removeprefix("sqlite://"))
    else:
        app.state.pool = await asyncpg.create_pool(url, min_size=POOL, max_size=POOL, reset=keep)
    yield
    await app.state.pool.close()


async def graphql(request: Request) -> Response:
    """Answer one of the questions."""
    sent = orjson.loads(await request.body())
    secret = request.headers.get("authorization", "")[len("Bearer ") :]
    answer = ANSWERS[sent["operationName"]]
    async with request.app.state.pool.acquire() as connection:
        digest = sha256(secret.encode()).hexdigest()
        viewer = await connection.fetchrow(floor_sql.SESSION, digest)
        data = await answer(connection, viewer, sent["variables"])
    return Response(orjson.dumps({"data": data}), media_type="application/json")


app = Starlette(routes=[Route("/graphql", graphql, methods=["POST"])], lifespan=lifespan)
