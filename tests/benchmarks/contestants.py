"""Who is measured: how each is started, and what it answers."""

import operator
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tests.benchmarks import postgraphile
from tests.benchmarks.questions import NAMES, Asker

ROOT: Final = Path(__file__).parents[2]
FLOOR: Final = "floor"
EVERYTHING: Final = tuple(NAMES)
UVICORN: Final = (
    *(sys.executable, "-m", "uvicorn", "--no-access-log"),
    *("--log-level", "warning", "--port", "{port}"),
)
KEYFOB: Final = (sys.executable, "-m", "tests.benchmarks.keyfob", "{port}")


@dataclass(frozen=True, slots=True)
class Contestant:
    """A server: its command, its questions, and where it is not asked and judged as the others are, how."""

    command: tuple[str, ...]
    answers: tuple[str, ...] = EVERYTHING
    processes: int = 1
    body: Callable[[Asker, str], bytes] = Asker.body
    agrees: Callable[[bytes, bytes], bool] = operator.eq
    least_node: int | None = None
    databases: tuple[str, ...] = ("postgres", "sqlite")


def _node(script: str, *answers: str, least: int = 20) -> Contestant:
    command = ("node", f"tests/benchmarks/node/{script}.mjs", "{port}")
    return Contestant(command, answers, least_node=least, databases=("postgres",))


def _two(command: tuple[str, ...]) -> Contestant:
    return Contestant((*command, "shared"), processes=2, databases=("postgres",))


CONTESTANTS: Final[Mapping[str, Contestant]] = {
    FLOOR: Contestant((*UVICORN, "tests.benchmarks.floor:app")),
    "keyfob": Contestant(KEYFOB),
    "keyfob-2": _two(KEYFOB),
    "core": Contestant((*KEYFOB, "core")),
    "core-2": _two((*KEYFOB, "core")),
    "documented": Contestant(
        (*UVICORN, "tests.benchmarks.documented:app"), answers=("page", "chooser", "reply")
    ),
    "mercurius": _node("mercurius", "page", "chooser", "reply"),
    "yoga": _node("yoga", "page", "chooser"),
    "postgraphile": replace(
        _node("postgraphile", "page", least=22),
        body=postgraphile.body,
        agrees=postgraphile.agrees,
    ),
}
USUAL: Final = tuple(name for name, each in CONTESTANTS.items() if each.processes == 1)
