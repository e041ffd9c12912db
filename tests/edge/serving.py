"""Serving an application as `keyfob serve` does, in this process."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from app.web.protocol import Protocol
from app.web.socket_protocol import SocketProtocol


@asynccontextmanager
async def served(app: ASGIApp, patience: float = 30.0) -> AsyncIterator[str]:
    """Serve an application that runs already on a port of this machine; yields host and port."""
    hasty = type("Hasty", (Protocol,), {"patience": patience})
    config = uvicorn.Config(
        app,
        port=0,
        http=hasty,
        ws=SocketProtocol,
        ws_ping_interval=patience,
        ws_ping_timeout=patience,
        log_config=None,
        lifespan="off",
        server_header=False,
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
