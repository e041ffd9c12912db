"""The measurement itself: the smallest size, once, answers compared and a table printed."""

from pathlib import Path

import pytest

from tests.benchmarks.__main__ import environment, filled, run
from tests.benchmarks.questions import NAMES
from tests.benchmarks.rounds import Plan
from tests.postgres import create_database


@pytest.mark.slow
async def test_every_contestant_answers_what_the_floor_answers(tmp_path: Path) -> None:
    url = await create_database()
    askers = await filled(url, "smallest")
    plan = Plan(["floor", "keyfob", "core"], list(NAMES), [1], rounds=1, seconds=1)

    lines = run(plan, askers, environment(url, tmp_path))

    assert len(lines) == len(NAMES) * (1 + len(plan.contestants))
    assert all(line.endswith("bad 0") for line in lines if line.startswith("  "))
