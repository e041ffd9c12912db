"""`scripts/bench`: fill a database, compare the answers, measure, print ratios to the floor."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from app.kit import secrets
from tests.benchmarks import databases, floor_sql, npm, rounds
from tests.benchmarks.contestants import CONTESTANTS
from tests.benchmarks.questions import NAMES, Asker
from tests.benchmarks.rounds import Plan
from tests.benchmarks.sizes import SIZES
from tests.clients.npm import Absent

EVERYONE = ",".join(CONTESTANTS)


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
    database: Annotated[str, typer.Option(help="Either postgres or sqlite.")] = "postgres",
    keep: Annotated[Path | None, typer.Option(help="Where data stays for the next run.")] = None,
    questions: Annotated[str, typer.Option(help="Which, by comma.")] = ",".join(NAMES),
    contestants: Annotated[str, typer.Option(help="Who, by comma.")] = EVERYONE,
    connections: Annotated[str, typer.Option(help="How many at once, by comma.")] = "16",
    count: Annotated[int, typer.Option("--rounds", help="How many rounds.")] = 3,
    seconds: Annotated[float, typer.Option(help="How long each is asked each time.")] = 2,
) -> None:
    """Measure the contestants against the floor, on an embedded PostgreSQL or on SQLite."""
    plan = Plan(
        present(contestants.split(","), database),
        questions.split(","),
        [int(each) for each in connections.split(",")],
        count,
        seconds,
    )
    data = asyncio.run(databases.prepare(database, size, keep))
    with tempfile.TemporaryDirectory() as folder:
        told = run(plan, data.askers, environment(data.url, Path(folder)))
    for line in told:
        typer.echo(line)


def present(names: Sequence[str], database: str) -> list[str]:
    """Leave out, and say why, who cannot be started here."""
    return [name for name in names if _is_present(name, database)]


def _is_present(name: str, database: str) -> bool:
    contestant = CONTESTANTS[name]
    try:
        if database not in contestant.databases:
            raise Absent(f"it does not run on {database}")  # noqa: TRY301
        if contestant.least_node is not None:
            npm.prepare(contestant.least_node)
    except Absent as why:
        typer.echo(f"Without {name}: {why}.")
        return False
    return True


def run(plan: Plan, askers: Sequence[Asker], settings: dict[str, str]) -> list[str]:
    """Compare, then measure; the lines of the table."""
    compared = rounds.compare(plan, askers, settings)
    typer.echo(f"Each one's answers ({compared} questions) are the floor's, byte for byte.")
    return list(rounds.table(list(rounds.measure(plan, askers, settings))))


if __name__ == "__main__":
    typer.run(bench)
