"""`keyfob doctor`."""

import asyncio
from collections.abc import AsyncIterator, Awaitable

import typer

from app.commands import migrate, options, reach
from app.commands.trouble import Trouble
from app.database.opening import DatabaseUnavailable
from app.kit.settings import Settings
from app.web import graphiql


def doctor(database_url: options.DatabaseUrl = None) -> None:
    """Say what is wrong with an installation."""
    settings = options.chosen(database_url=database_url)
    typer.echo("ok    settings")
    is_well = asyncio.run(examine(settings))
    raise typer.Exit(0 if is_well else 1)


async def examine(settings: Settings) -> bool:
    """Print a line for each part; whether all of them are well."""
    is_well = True
    async for part, complaint in findings(settings):
        typer.echo(f"WRONG {part}: {complaint}" if complaint else f"ok    {part}")
        is_well = is_well and not complaint
    return is_well


async def findings(settings: Settings) -> AsyncIterator[tuple[str, str]]:
    """Yield each part with what is wrong with it, if anything is."""
    yield "database", await complaint_of(migrate.require(settings))
    outlet = "mail server" if settings.smtp_url else "mail (to files: KEYFOB_SMTP_URL is not set)"
    yield outlet, await complaint_of(reach.mail_server(settings))
    copy = "its own copy" if graphiql.is_bundled() else "from a CDN"
    yield f"GraphiQL ({copy})", ""


async def complaint_of(check: Awaitable[None]) -> str:
    """Wait for a check, and return its trouble as text."""
    try:
        await check
    except (Trouble, DatabaseUnavailable) as trouble:
        return str(trouble)
    return ""
