"""`scripts/bench`: fill a database, compare the answers, measure, print ratios to the floor."""

import asyncio
import statistics
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import track

from tests.benchmarks import counting, databases, growing, pages, races, starting
from tests.benchmarks.contestants import CONTESTANTS, FLOOR, USUAL
from tests.benchmarks.questions import NAMES, Asker
from tests.benchmarks.rounds import Plan
from tests.benchmarks.sizes import SIZES


def known(names: Iterable[str]) -> Callable[[str], str]:
    """Refuse a list by comma with a name in it that is none of these."""

    def refusing(given: str) -> str:
        for name in given.split(","):
            if name not in names:
                raise typer.BadParameter(f"{name} is none of {', '.join(names)}")
        return given

    return refusing


def chosen(names: Iterable[str], words: str) -> Any:  # noqa: ANN401  # as typer declares it
    """Make an option whose values have names."""
    return typer.Option(callback=known(names), help=f"{words}: {', '.join(names)}.")


Size = Annotated[str, chosen(SIZES, "How much")]
Questions = Annotated[str, chosen(NAMES, "Which, by comma")]
Contestants = Annotated[str, chosen(CONTESTANTS, "Who, by comma")]
Database = Annotated[str, chosen(databases.KINDS, "On which")]
Keep = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Where the data stays for the next run.")
]
Rounds = Annotated[int, typer.Option(help="How many rounds.")]
Seconds = Annotated[float, typer.Option(help="How long each is asked in each round.")]
EVERYTHING = ",".join(NAMES)
EVERYBODY = ",".join(USUAL)
app = typer.Typer(invoke_without_command=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def race(
    context: typer.Context,
    size: Size = "small",
    database: Database = "postgres",
    keep: Keep = None,
    questions: Questions = EVERYTHING,
    contestants: Contestants = EVERYBODY,
    against: Annotated[str, chosen(CONTESTANTS, "To whom ratios are told")] = FLOOR,
    connections: Annotated[str, typer.Option(help="How many at once, by comma.")] = "16",
    rounds: Rounds = 3,
    seconds: Seconds = 2,
    share: Annotated[
        float | None, typer.Option(help="So much of a core for each process (cgroups, as root).")
    ] = None,
) -> None:
    """Measure the contestants against the floor, on an embedded PostgreSQL or on SQLite."""
    if context.invoked_subcommand:
        return
    plan = Plan(
        races.present(contestants.split(","), database),
        questions.split(","),
        [int(each) for each in connections.split(",")],
        rounds,
        seconds,
        against,
        share,
    )
    fill = partial(databases.filled, size)
    with prepared(database, size, keep, fill) as (askers, settings):
        told = races.run(plan, askers, settings)
    for line in told:
        typer.echo(line)


@app.command("pages")
def leaf(
    database: Database = "postgres", keep: Keep = None, rounds: Rounds = 5, seconds: Seconds = 1
) -> None:
    """Measure what a page costs in accounts of 10 to 1,000,000 rows: tickets, messages, events."""
    fill = partial(growing.grown, database, growing.ROWS)
    with prepared(database, "growing", keep, fill) as (askers, settings):
        for line in pages.measure(askers, settings, rounds, seconds):
            typer.echo(line)


@app.command("instructions")
def instructions(
    size: Size = "small",
    database: Database = "postgres",
    keep: Keep = None,
    questions: Questions = EVERYTHING,
    contestants: Contestants = "floor,keyfob",
) -> None:
    """Count the instructions of an answer by callgrind (Debian, Ubuntu: apt-get install valgrind)."""
    names = races.present(contestants.split(","), database)
    fill = partial(databases.filled, size)
    with (
        prepared(database, size, keep, fill) as (askers, settings),
        tempfile.TemporaryDirectory() as folder,
    ):
        for line in counting.count(names, questions.split(","), askers, settings, Path(folder)):
            typer.echo(line)


@app.command("start")
def start(database: Database = "postgres", keep: Keep = None, rounds: Rounds = 5) -> None:
    """Measure how long `keyfob serve` takes until it is ready."""
    fill = partial(databases.filled, "smallest")
    with prepared(database, "smallest", keep, fill) as (_, settings):
        spent = [starting.seconds_to_ready(settings) for _ in track(range(rounds), "starts")]
    typer.echo(f"ready after {statistics.median(spent):.2f} s ({min(spent):.2f}-{max(spent):.2f})")


@contextmanager
def prepared(
    kind: str, name: str, keep: Path | None, fill: databases.Fill
) -> Iterator[tuple[list[Asker], dict[str, str]]]:
    """Have a database filled, and settings for whoever is to serve it."""
    data = asyncio.run(databases.prepare(kind, name, keep, fill))
    with tempfile.TemporaryDirectory() as folder:
        yield data.askers, races.environment(data.url, Path(folder))


if __name__ == "__main__":
    app(prog_name="scripts/bench")
