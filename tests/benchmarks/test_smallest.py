"""The measurement itself: the smallest size, once, answers compared and a table printed."""

from pathlib import Path

import pytest

from tests.benchmarks import databases, npm
from tests.benchmarks.__main__ import environment, present, run
from tests.benchmarks.contestants import CONTESTANTS
from tests.benchmarks.questions import NAMES
from tests.benchmarks.rounds import Plan


@pytest.mark.slow
@pytest.mark.parametrize("database", databases.KINDS)
async def test_every_contestant_answers_what_the_floor_answers(
    database: str, tmp_path: Path
) -> None:
    data = await databases.prepare(database, "smallest", None)
    everybody = [
        name for name, each in CONTESTANTS.items() if npm.is_installed() or each.least_node is None
    ]
    contestants = present(everybody, database)
    plan = Plan(contestants, list(NAMES), [1], rounds=1, seconds=1)

    lines = run(plan, data.askers, environment(data.url, tmp_path))

    answered = sum(len(CONTESTANTS[name].answers) for name in contestants)
    assert len(lines) == len(NAMES) + answered
    assert all(line.endswith("bad 0") for line in lines if line.startswith("  "))
