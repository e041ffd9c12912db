"""A server round the small graph, with and without a network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute

from app.kit import settings
from app.web import health
from app.web.edge import Edge
from app.web.endpoint import Endpoint, Rules
from app.web.refusing import unknown_path
from tests.web.graph import SCHEMA
from tests.web.world import World

LISTED = "https://partner.example"


def page(_request: Request) -> Response:
    """Stand in for GraphiQL."""
    return HTMLResponse("<h1>GraphiQL</h1>")


def endpoint(world: World, folder: Path, rules: Rules | None = None) -> Endpoint:
    """Make the endpoint of the small graph."""
    choices = settings.load(data_dir=folder, allowed_origins=LISTED)
    return Endpoint(SCHEMA, world.caller, choices, rules)


async def is_ready() -> bool:
    """Be ready."""
    return True


def site(graph: Endpoint, ready: health.IsReady = is_ready) -> Starlette:
    """Put an application round an endpoint, the way the real one is."""

    async def falls(_request: Request) -> Response:
        raise ZeroDivisionError("the secret is 42")

    async def breaks(_request: Request) -> Response:
        async def parts() -> AsyncIterator[bytes]:
            yield b"the beginning"
            raise ZeroDivisionError("the secret is 42")

        return StreamingResponse(parts())

    return Starlette(
        routes=[
            Route("/graphql", graph),
            WebSocketRoute("/graphql", graph),
            Route("/falls", falls),
            Route("/breaks", breaks),
            *health.routes(ready),
        ],
        middleware=[Middleware(Edge)],
        exception_handlers={HTTPException: unknown_path},
    )


def client(graph: Endpoint) -> httpx2.AsyncClient:
    """Make a client that needs no network."""
    transport = httpx2.ASGITransport(site(graph))
    return httpx2.AsyncClient(transport=transport, base_url="http://keyfob.example")


@asynccontextmanager
async def served(graph: Endpoint) -> AsyncIterator[str]:
    """Serve an endpoint on a port of this machine; yields its host and port."""
    config = uvicorn.Config(
        site(graph),
        port=0,
        ws="websockets-sansio",
        log_config=None,
        lifespan="off",
        server_header=False,
        timeout_graceful_shutdown=2,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()  # not `serve`, which looks up only every tenth of a second
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    yield f"{host}:{port}"
    graph.leave()
    await server.shutdown()


async def asked(
    ann: httpx2.AsyncClient, query: str, headers: dict[str, str] | None = None, **more: object
) -> httpx2.Response:
    return await ann.post("/graphql", json={"query": query, **more}, headers=headers)
