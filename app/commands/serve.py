"""`keyfob serve`."""

import asyncio

import typer

from app.commands import migrate, options, reach, serving
from app.commands.trouble import Trouble
from app.kit.settings import Settings
from app.main import create_app


def serve(
    host: options.Host = None,
    port: options.Port = None,
    database_url: options.DatabaseUrl = None,
) -> None:
    """Serve the API, and send its mail.

    At the address that is printed: GraphiQL in a browser, GraphQL for everybody else.
    """
    settings = options.chosen(host=host, port=port, database_url=database_url)
    listener = serving.bind(settings)
    asyncio.run(migrate.require(settings))
    asyncio.run(knock(settings))
    serving.run(create_app(settings), listener)


async def knock(settings: Settings) -> None:
    """Warn of a silent mail server, and go on: mail waits in its queue until it speaks."""
    try:
        await reach.mail_server(settings)
    except Trouble as trouble:
        typer.echo(f"keyfob: {trouble} Until then mail waits in its queue.", err=True)
