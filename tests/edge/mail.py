"""A mail server that takes its time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.kit.mail_servers import Server, listening


@dataclass
class Gate(Server):
    """Holds every mail in the middle of its delivery, until it is opened."""

    has_begun: asyncio.Event = field(default_factory=asyncio.Event)
    is_open: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take a mail once the gate is open."""
        self.has_begun.set()
        await self.is_open.wait()
        return await super().handle_DATA(server, session, envelope)


@asynccontextmanager
async def gate() -> AsyncIterator[Gate]:
    """Serve on a free port."""
    server = Gate()
    loop = asyncio.get_running_loop()
    async with listening(lambda: SMTP(server, loop=loop)) as port:
        server.url = f"smtp://127.0.0.1:{port}"
        yield server
        server.is_open.set()
