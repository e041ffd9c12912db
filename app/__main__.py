"""The commands of `keyfob`."""

import sys
from typing import NoReturn

import typer

from app.commands.create_operator import create_operator
from app.commands.demo import demo
from app.commands.doctor import doctor
from app.commands.mail import mail
from app.commands.migrate import migrate
from app.commands.schema import schema
from app.commands.serve import serve
from app.commands.trouble import Trouble
from app.commands.worker import worker
from app.database.opening import DatabaseUnavailable
from app.domain.refusals import Refusal
from app.kit.settings import SettingsError

COMMANDS = (demo, serve, worker, migrate, schema, create_operator, doctor)

keyfob = typer.Typer(
    name="keyfob",
    help="One login, every client account.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for command in COMMANDS:
    keyfob.command()(command)
keyfob.add_typer(mail, name="mail")


def main() -> None:
    """Run a command; what its caller can mend ends it with one line, not with a traceback."""
    try:
        keyfob()
    except (Trouble, SettingsError, Refusal) as trouble:
        complain(str(trouble))
    except DatabaseUnavailable as trouble:
        complain(f"KEYFOB_DATABASE_URL: {trouble}")


def complain(line: str) -> NoReturn:
    """End with one line."""
    typer.echo(f"keyfob: {line}", err=True)
    sys.exit(1)


if __name__ == "__main__":
    main()
