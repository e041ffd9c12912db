"""`scripts/bench`: fill a database, compare the answers, measure, print ratios to the floor."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from app.database.migrations import migrate
from app.database.opening import opened
from app.kit import secrets
from tests.benchmarks import data, floor_sql, npm, postgraphile, rounds
from tests.benchmarks.contestants import CONTESTANTS
from tests.benchmarks.questions import NAMES, Asker
from tests.benchmarks.rounds import Plan
from tests.benchmarks.sizes import SIZES
from tests.clients.npm import Absent
from tests.postgres import create_database

EVERYONE = ",".join(CONTESTANTS)


async def filled(url: str, size: str) -> list[Asker]:
    """Migrate a new database, and fill it to a size."""
    await migrate(url, lambda name: None)
    await postgraphile.set_up(url)
    async with opened(url):
        with Progress() as progress:
            bar = progress.add_task("accounts", total=SIZES[size].accounts)
            return await data.fill(SIZES[size], lambda done: progress.update(bar, completed=done))


def environment(url: str, folder: Path) -> dict[str, str]:
    """Set a contestant up."""
    return {
        "KEYFOB_DATABASE_URL": url,
        "KEYFOB_DATA_DIR": str(folder),
        "KEYFOB_SECRET_KEY": secrets.mint(),
        "KEYFOB_DATABASE_POOL_SIZE": "10",
        "BENCH_STATEMENTS": floor_sql.written(),
        "NODE_ENV": "production",
        "PATH": npm.path(),
    }


def bench(
    size: Annotated[str, typer.Option(help=f"One of {', '.join(SIZES)}.")] = "small",
    questions: Annotated[str, typer.Option(help="Which, by comma.")] = ",".join(NAMES),
    contestants: Annotated[str, typer.Option(help="Who, by comma.")] = EVERYONE,
    connections: Annotated[str, typer.Option(help="How many at once, by comma.")] = "16",
    count: Annotated[int, typer.Option("--rounds", help="How many rounds.")] = 3,
    seconds: Annotated[float, typer.Option(help="How long each is asked each time.")] = 2,
) -> None:
    """Measure the contestants against the floor, on an embedded PostgreSQL."""
    plan = Plan(
        present(contestants.split(",")),
        questions.split(","),
        [int(each) for each in connections.split(",")],
        count,
        seconds,
    )
    url = asyncio.run(create_database())
    askers = asyncio.run(filled(url, size))
    with tempfile.TemporaryDirectory() as folder:
        told = run(plan, askers, environment(url, Path(folder)))
    for line in told:
        typer.echo(line)


def present(names: Sequence[str]) -> list[str]:
    """Leave out, and say why, who cannot be started here."""
    return [name for name in names if _is_present(name)]


def _is_present(name: str) -> bool:
    least = CONTESTANTS[name].least_node
    try:
        if least is not None:
            npm.prepare(least)
    except Absent as why:
        typer.echo(f"Without {name}: {why}.")
        return False
    return True


def run(plan: Plan, askers: Sequence[Asker], settings: dict[str, str]) -> list[str]:
    """Compare, then measure; the lines of the table."""
    compared = rounds.compare(plan, askers, settings)
    typer.echo(f"Each contestant's {compared} answers are the floor's, byte for byte; PostGraphile's in what they say.")
    return list(rounds.table(list(rounds.measure(plan, askers, settings))))


if __name__ == "__main__":
    typer.run(bench)
