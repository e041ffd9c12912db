"""`keyfob demo`."""

import asyncio
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.commands import migrate, options, serving, welcome
from app.commands.serve import knock
from app.commands.trouble import Trouble
from app.database.opening import opened
from app.demo import crowd, world
from app.demo.world import DatabaseInUse, World
from app.domain.site import Site
from app.kit.settings import Settings
from app.main import create_app

Users = Annotated[
    int, typer.Option(metavar="NUMBER", min=0, help="Fill up to so many users more, in bulk.")
]


def demo(
    host: options.Host = None,
    port: options.Port = None,
    database_url: options.DatabaseUrl = None,
    users: Users = 0,
) -> None:
    """Serve three small made-up companies.

    Migrates, fills an empty database, and prints who can sign in and what to try.
    """
    settings = options.chosen(host=host, port=port, database_url=database_url, suggestions=True)
    listener = serving.bind(settings)
    asyncio.run(furnish(settings, users))
    asyncio.run(knock(settings))
    serving.run(create_app(settings), listener)


async def furnish(settings: Settings, users: int) -> None:
    """Make the world and the crowd, as far as they are not there, and show them."""
    await migrate.upgrade(settings)
    async with opened(settings.database_url, synchronous=settings.sqlite_synchronous):
        site = Site(settings)
        made = await found(site)
        if users:
            await fill(site, users)
        url = serving.address(settings.host, settings.port)
        welcome.show(made, url, await crowd.size())


async def found(site: Site) -> World:
    """Make the world unless it is there; never among people who are not of it."""
    try:
        return await world.made(site)
    except DatabaseInUse:
        raise Trouble(
            "KEYFOB_DATABASE_URL: this database is in use. The demo needs one of its own: "
            "name an empty one with --database-url."
        ) from None


async def fill(site: Site, users: int) -> None:
    """Make the crowd, and show how far that has come."""
    columns = TextColumn("Users"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    with Progress(*columns) as progress:
        bar = progress.add_task("", total=users)
        await crowd.fill(site, users, lambda present: progress.update(bar, completed=present))
