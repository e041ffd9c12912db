"""`keyfob schema`."""

import typer

from resolvers.printing import printed
from resolvers.schema import schema as graph


def schema() -> None:
    """Print the schema, and who may see what."""
    typer.echo(printed(graph), nl=False)
