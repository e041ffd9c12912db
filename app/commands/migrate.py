"""`keyfob migrate`, and what other commands ask of the database before they start."""

import asyncio

import typer

from app.commands import options
from app.commands.trouble import Trouble
from app.database import migrations
from app.kit.settings import Settings


def migrate(database_url: options.DatabaseUrl = None) -> None:
    """Bring the tables to this version.

    Safe at any time, and from several processes at once.
    """
    settings = options.chosen(database_url=database_url)
    asyncio.run(upgrade(settings))
    typer.echo("The database is up to date.")


async def upgrade(settings: Settings) -> None:
    """Apply what is missing, telling each step."""
    await migrations.migrate(settings.database_url, typer.echo)


async def require(settings: Settings) -> None:
    """Refuse to go on with tables of another version."""
    if missing := await migrations.pending(settings.database_url):
        steps = "one step" if len(missing) == 1 else f"{len(missing)} steps"
        raise Trouble(f"the database is {steps} behind this version. Run `keyfob migrate` first.")
