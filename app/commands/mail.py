"""`keyfob mail`."""

from typing import Annotated, Final

import typer

from app.commands.trouble import Trouble
from app.kit import letters, locales
from app.kit.letters import FALLBACK
from app.kit.samples import MAILS

Kind = Annotated[str, typer.Argument(metavar="KIND", help=f"One of: {', '.join(MAILS)}.")]
Locale = Annotated[
    str, typer.Option(metavar="LOCALE", help=f"One of: {', '.join(locales.LOCALES)}.")
]
Html = Annotated[bool, typer.Option("--html", help="As the page that mail programs show.")]

mail: Final = typer.Typer(
    help="The mail that Keyfob writes.", no_args_is_help=True, rich_markup_mode=None
)


@mail.callback()
def group() -> None:
    """Keep `preview` a command of its own while there is no other."""


@mail.command()
def preview(kind: Kind, *, locale: Locale = FALLBACK, html: Html = False) -> None:
    """Show a mail with made-up facts.

    Reads the templates, and nothing else: no settings, no database.
    """
    if kind not in MAILS:
        raise Trouble(f"there is no mail {kind!r}. Choose one of: {', '.join(MAILS)}.")
    if locales.match(locale) is None:
        known = ", ".join(locales.LOCALES)
        raise Trouble(f"no mail is written in {locale!r}. Choose one of: {known}.")
    letter = letters.render(kind, locale, MAILS[kind])
    shown = letter.html if html else f"Subject: {letter.subject}\n\n{letter.text}"
    typer.echo(shown, nl=False)
