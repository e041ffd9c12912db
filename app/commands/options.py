"""Options that commands share; each goes before the setting of its name."""

from typing import Annotated

import typer

from app.kit import settings
from app.kit.settings import Settings

DatabaseUrl = Annotated[
    str | None, typer.Option(metavar="URL", help="Instead of KEYFOB_DATABASE_URL.")
]
Host = Annotated[str | None, typer.Option(metavar="NAME", help="Instead of KEYFOB_HOST.")]
Port = Annotated[int | None, typer.Option(metavar="NUMBER", help="Instead of KEYFOB_PORT.")]


def chosen(**options: object) -> Settings:
    """Return the settings, with the options that were given before the environment's."""
    return settings.load(**{name: value for name, value in options.items() if value is not None})
