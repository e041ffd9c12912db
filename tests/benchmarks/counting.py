"""How many instructions of the processor an answer takes, counted by callgrind: the same however busy the machine is.

What the system does for a process is not among them, and instructions are not time: they tell what a change saves.
"""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.benchmarks import load
from tests.benchmarks.contestants import CONTESTANTS
from tests.benchmarks.processes import Server, running
from tests.benchmarks.questions import Asker

WARMING: Final = 120
COUNTED: Final = 300
PATIENCE: Final = 180.0  # a server starts thirty times as slowly


def count(
    contestants: Sequence[str],
    questions: Sequence[str],
    askers: Sequence[Asker],
    settings: Mapping[str, str],
    folder: Path,
) -> Iterator[str]:
    """Count for each contestant and question, and lay it out by the first contestant's."""
    first: dict[str, float] = {}
    for name in contestants:
        noted = folder / name
        under = ("valgrind", "--quiet", "--tool=callgrind", f"--callgrind-out-file={noted}")
        with running(name, {**settings, "PYTHONHASHSEED": "0"}, under, PATIENCE) as server:
            for question in (each for each in questions if each in CONTESTANTS[name].answers):
                thousands = _counted(server, question, askers, noted) / 1000
                ratio = thousands / first.setdefault(question, thousands)
                yield f"{question:8} {name:12} {thousands:8.1f} thousand instructions  {ratio:.2f}"


def _counted(server: Server, question: str, askers: Sequence[Asker], noted: Path) -> float:
    [pid] = server.pids
    _ask(server, question, askers, WARMING)
    _control("--zero", pid)
    before = set(noted.parent.iterdir())
    _ask(server, question, askers, COUNTED)
    _control("--dump", pid)
    [dumped] = set(noted.parent.iterdir()) - before
    return _total(dumped) / COUNTED


def _ask(server: Server, question: str, askers: Sequence[Asker], times: int) -> None:
    few = askers[:8]
    with load.talking(server) as connection:
        for number in range(times):
            load.say(connection, server.name, question, few[number % len(few)])


def _control(order: str, pid: int) -> None:
    subprocess.run(["callgrind_control", order, str(pid)], capture_output=True, check=True)  # noqa: S603, S607  # ours; found as valgrind is


def _total(dumped: Path) -> int:
    told = [line for line in dumped.read_text().splitlines() if line.startswith("summary:")]
    return int(told[0].split()[1])
