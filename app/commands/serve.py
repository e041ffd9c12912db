"""`keyfob serve`."""

import asyncio
from typing import Annotated

import typer

from app.commands import migrate, options, reach, serving
from app.commands.trouble import Trouble
from app.kit.settings import Settings
from app.main import create_app

SharePort = Annotated[
    bool, typer.Option("--share-port", help="Let other servers that say so listen there, too.")
]


def serve(
    host: options.Host = None,
    port: options.Port = None,
    database_url: options.DatabaseUrl = None,
    *,
    share_port: SharePort = False,
) -> None:
    """Serve the API, and send its mail.

    At the address that is printed: GraphiQL in a browser, GraphQL for everybody else.
    """
    settings = options.chosen(host=host, port=port, database_url=database_url)
    if share_port and settings.is_sqlite:
        raise Trouble("--share-port: on SQLite there is one server. Use PostgreSQL for more.")
    listener = serving.bind(settings, shares=share_port)
    asyncio.run(migrate.require(settings))
    asyncio.run(knock(settings))
    serving.run(create_app(settings), listener)


async def knock(settings: Settings) -> None:
    """Warn of a silent mail server, and go on: mail waits in its queue until it speaks."""
    try:
        await reach.mail_server(settings)
    except Trouble as trouble:
        typer.echo(f"keyfob: {trouble} Until then mail waits in its queue.", err=True)
