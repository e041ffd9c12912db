"""What `keyfob demo` prints: who can sign in, and what to try first."""

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from app.demo import queries
from app.demo.cast import ACME, CAST, NEWCOMER
from app.demo.world import World
from app.kit import clock, totp


def show(world: World, url: str, crowd: int) -> None:
    """Print the sign-ins, a link for a newcomer, and three queries; `crowd` people more were made in bulk."""
    Console(highlight=False).print(_sign_ins())
    typer.echo(f"Everybody's password: {world.password}")
    code = totp.code(world.totp_secret, clock.now())
    typer.echo(f"Support staff have a second factor: {world.totp_secret} for an authenticator app.")
    typer.echo(f"Its code just now: {code} (twoFactor: {{totp: …}}; each works once)")
    if crowd:
        typer.echo(f"So has everybody from user1@crowd.example to user{crowd}@crowd.example.")
    if world.invite_link is not None:
        typer.echo(f"\n{ACME} has invited {NEWCOMER}, who is new here. The link in the mail:")
        typer.echo(f"  {world.invite_link}")
    for line in _lessons(world, url):
        typer.echo(line)


def _sign_ins() -> Table:
    table = Table(box=SIMPLE_HEAD, title="Who can sign in", title_justify="left")
    table.add_column("name", no_wrap=True)
    table.add_column("e-mail", no_wrap=True)
    table.add_column("what they show")
    for player in CAST:
        table.add_row(player.name, player.email, player.shows)
    return table


def _lessons(world: World, url: str) -> list[str]:
    return [
        f"\nThree queries for GraphiQL, at {url}/graphql",
        "\n# 1. Sign in. Then open the tab Headers, and put the sessionToken in place of TOKEN:",
        f"#   {queries.headers(world)}",
        queries.login(world),
        "\n# 2. Which accounts are mine?",
        queries.CHOOSER,
        "\n# 3. Who wrote here, and what are they to the account now?",
        f"{queries.ticket(world)}\n",
    ]
