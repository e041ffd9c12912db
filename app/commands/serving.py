"""Running the web server until it is told to stop."""

import asyncio
import errno
import logging
import signal
import socket
import sys
from contextlib import suppress
from types import FrameType

import typer
import uvicorn

from app.commands.trouble import Trouble
from app.kit.settings import Settings
from app.main import Application

LEAVING = 5  # seconds that streams and answers get after SIGTERM, while new requests hear 503
CLOSING = 3  # seconds that connections get after that
LONGEST_MESSAGE = 1024 * 1024  # bytes over a WebSocket


class Server(uvicorn.Server):
    """uvicorn's server, which says where it is, and tells the application before it stops."""

    def __init__(self, config: uvicorn.Config, app: Application, url: str) -> None:
        super().__init__(config)
        self.app, self.url = app, url

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and print the address once a browser can open it."""
        await super().startup(sockets)
        typer.echo(f"Keyfob is at {self.url}/graphql (Ctrl-C stops it)")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams and finish what was asked, while the door is still open; then close it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LEAVING):
                await self.app.leave()
                while self.server_state.tasks:  # noqa: ASYNC110  # uvicorn tells nobody
                    await asyncio.sleep(0.02)
        await super().shutdown(sockets)


def address(host: str, port: int) -> str:
    """Return a URL that opens on this machine what listens there."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - replaced, not bound
    name = everywhere.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def bind(settings: Settings) -> socket.socket:
    """Take the port before anything else is started."""
    host, port = settings.host, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        advice = {
            errno.EADDRINUSE: "it is taken. Stop what listens there, or choose another KEYFOB_PORT",
            errno.EACCES: "ports below 1024 are not for everybody. Choose another KEYFOB_PORT",
        }
        otherwise = f"{error.strerror}. Correct KEYFOB_HOST"
        raise Trouble(
            f"cannot listen on {host}:{port}: {advice.get(error.errno or 0, otherwise)}."
        ) from None


def run(app: Application, listener: socket.socket) -> None:
    """Serve until SIGTERM or Ctrl-C, either of which is a good end."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, stop)
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        ws_max_size=LONGEST_MESSAGE,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=CLOSING,
    )
    url = address(*listener.getsockname()[:2])
    Server(config, app, url).run(sockets=[listener])


def stop(_signal: int, _frame: FrameType | None) -> None:
    """End with 0: who sends the signal has got what they asked for."""
    sys.exit(0)
