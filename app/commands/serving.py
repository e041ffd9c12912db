"""Running the web server until it is told to stop."""

import asyncio
import errno
import gc
import logging
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from types import FrameType

import typer
import uvicorn

from app.commands import ending
from app.commands.trouble import Trouble
from app.kit.settings import Settings
from app.main import Application
from app.web.protocol import Protocol
from app.web.socket_protocol import SocketProtocol

LEAVING = 6.0  # seconds that answers and mail on its way get after SIGTERM; new requests hear 503
CLOSING = 1  # seconds that connections get after that
CROWD = 65_536  # connections and files
YOUNG = 10_000  # objects, before it is looked which are waste: an answer is some hundreds
LONGEST_MESSAGE = 1024 * 1024  # bytes over a WebSocket


class Server(uvicorn.Server):
    """uvicorn's server, which says where it is, and tells the application before it stops."""

    def __init__(self, config: uvicorn.Config, app: Application, url: str) -> None:
        super().__init__(config)
        self.app, self.url = app, url
        self.is_shared = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and print the address once a browser can open it."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()  # what is there now stays: looking through it again would stop every request for a while
        gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
        typer.echo(f"Keyfob is at {self.url}/graphql (Ctrl-C stops it)")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams and finish what was asked, while the door is still open; then close it."""
        ending.at_the_latest()
        if self.is_shared:
            await self._hand_over(sockets or [])
        with suppress(TimeoutError):
            async with asyncio.timeout(LEAVING):
                await self.app.leave()
                while self.server_state.tasks:  # noqa: ASYNC110  # uvicorn tells nobody
                    await asyncio.sleep(0.02)
        await self.app.abandon()
        for task in self.server_state.tasks:
            task.cancel()
        await super().shutdown(sockets)

    async def _hand_over(self, listeners: list[socket.socket]) -> None:
        """Leave the port to the others at it; whoever the system has sent here already is let in."""
        arrived = [each for listener in listeners for each in waiting_at(listener)]
        for server in self.servers:
            server.close()
        for listener in listeners:
            listener.close()
        for connection in arrived:
            await asyncio.get_running_loop().connect_accepted_socket(self._speak, connection)

    def _speak(self) -> asyncio.Protocol:
        return Protocol(self.config, self.server_state, self.lifespan.state)


def waiting_at(listener: socket.socket) -> Iterator[socket.socket]:
    """Let in whoever is connected and was not let in yet."""
    listener.settimeout(0)
    with suppress(BlockingIOError):
        while True:
            yield listener.accept()[0]


def address(host: str, port: int) -> str:
    """Return a URL that opens on this machine what listens there."""
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - replaced, not bound
    name = everywhere.get(host, host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def bind(settings: Settings, *, shares: bool = False) -> socket.socket:
    """Take the port before anything else is started; shared, every server at it gets a part of what comes."""
    host, port = settings.host, settings.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048, reuse_port=shares)
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
    allow_crowds()
    for told in (signal.SIGTERM, signal.SIGINT):
        signal.signal(told, stop)
    url = address(*listener.getsockname()[:2])
    server = Server(configured(app), app, url)
    server.is_shared = bool(listener.getsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT))
    server.run(sockets=[listener])


def allow_crowds() -> None:
    """Hold as many connections as the system lets us: what it gives by default, one stranger could use up."""
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CROWD if most == resource.RLIM_INFINITY else min(CROWD, most)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def configured(app: Application) -> uvicorn.Config:
    """Tell uvicorn what it shall be like."""
    return uvicorn.Config(
        app,
        http=Protocol,
        ws=SocketProtocol,
        ws_max_size=LONGEST_MESSAGE,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=CLOSING,
    )


def stop(_signal: int, _frame: FrameType | None) -> None:
    """End with 0: who sends the signal has got what they asked for."""
    sys.exit(0)
