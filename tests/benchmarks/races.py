"""A race: who can start here, the same answers first, then rounds, and a table."""

from collections.abc import Sequence
from pathlib import Path

import typer
from rich.progress import Progress

from app.kit import secrets
from tests.benchmarks import floor_sql, npm, rounds, tables
from tests.benchmarks.contestants import CONTESTANTS
from tests.benchmarks.questions import Asker
from tests.benchmarks.rounds import Measured, Plan
from tests.clients.npm import Absent


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
    typer.echo(f"The same answers from all, to {compared} requests at most, before any is timed.")
    return list(tables.table(_measured(plan, askers, settings), plan.base))


def _measured(plan: Plan, askers: Sequence[Asker], settings: dict[str, str]) -> list[Measured]:
    with Progress() as progress:
        bar = progress.add_task("rounds", total=rounds.count(plan))
        return [*progress.track(rounds.measure(plan, askers, settings), task_id=bar)]
