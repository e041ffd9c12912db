"""`keyfob worker`."""

import asyncio
import logging
import signal
from contextlib import suppress

import typer

from app.commands import ending, migrate, options, reach
from app.database import lasting
from app.database.opening import opened
from app.domain.postman import Postman
from app.domain.site import Site
from app.kit.settings import Settings
from app.main import transport_of

PATIENCE = 6  # seconds that mail on its way gets after SIGTERM; the rest is sent by the next worker


def worker(database_url: options.DatabaseUrl = None) -> None:
    """Send the mail, apart from the server.

    Any number of workers and servers share one queue.
    """
    settings = options.chosen(database_url=database_url)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    asyncio.run(work(settings))


async def work(settings: Settings) -> None:
    """Send mail until SIGTERM or Ctrl-C, either of which is a good end."""
    await migrate.require(settings)
    await reach.mail_server(settings)
    async with opened(settings.database_url, synchronous=settings.sqlite_synchronous):
        postman = Postman(Site(settings), transport_of(settings))
        sending = asyncio.create_task(lasting.go_on(postman.work))
        for told in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(told, sending.cancel)
        typer.echo("Keyfob sends the mail (Ctrl-C stops it)")
        with suppress(asyncio.CancelledError):
            await sending
        ending.at_the_latest()
        with suppress(TimeoutError):
            await asyncio.wait_for(postman.leave(), PATIENCE)
        with lasting.lenient():
            await postman.give_back()
