"""The measurement itself: the smallest size, once, answers compared and a table printed."""

from functools import partial
from pathlib import Path

import pytest

from tests.benchmarks import databases, growing, npm, pages, processes, races, starting
from tests.benchmarks.contestants import CONTESTANTS, USUAL
from tests.benchmarks.questions import NAMES
from tests.benchmarks.rounds import Plan


@pytest.mark.slow
@pytest.mark.parametrize("database", databases.KINDS)
async def test_every_contestant_answers_what_the_floor_answers(
    database: str, tmp_path: Path
) -> None:
    fill = partial(databases.filled, "smallest")
    data = await databases.prepare(database, "smallest", None, fill)
    here = [name for name in USUAL if npm.is_installed() or CONTESTANTS[name].least_node is None]
    contestants = races.present(here, database)
    plan = Plan(contestants, list(NAMES), [1], rounds=1, seconds=1)

    lines = races.run(plan, data.askers, races.environment(data.url, tmp_path))

    answered = sum(len(CONTESTANTS[name].answers) for name in contestants)
    assert len(lines) == len(NAMES) + answered
    assert all(line.endswith("bad 0") for line in lines if line.startswith("  "))


@pytest.mark.slow
@pytest.mark.parametrize("database", databases.KINDS)
async def test_a_server_starts_and_its_pages_cost_something(database: str, tmp_path: Path) -> None:
    fill = partial(growing.grown, database, (10, 1_000))
    data = await databases.prepare(database, "growing", None, fill)
    settings = races.environment(data.url, tmp_path)

    lines = list(pages.measure(data.askers, settings, rounds=1, seconds=1))

    assert [line.partition(":")[0] for line in lines] == list(pages.QUESTIONS)
    assert all(": 10 rows 1.00 (" in line and "1000 rows " in line for line in lines)
    assert 0 < starting.seconds_to_ready(settings) < processes.PATIENCE
