"""Starting and stopping what is measured: one process each, on a core of its own where there are two."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection, create_server
from typing import Final

ROOT: Final = Path(__file__).parents[2]
UVICORN: Final = ("-m", "uvicorn", "--no-access-log", "--log-level", "warning", "--port")
PATIENCE: Final = 20.0
COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "floor": (*UVICORN, "{port}", "tests.benchmarks.floor:app"),
    "keyfob": ("-m", "tests.benchmarks.keyfob", "{port}"),
    "core": ("-m", "tests.benchmarks.keyfob", "{port}", "core"),
    "documented": (*UVICORN, "{port}", "tests.benchmarks.documented:app"),
}


@dataclass(frozen=True, slots=True)
class Server:
    """A contestant that answers at a port."""

    name: str
    port: int
    pid: int

    @property
    def cpu_seconds(self) -> float:
        """The CPU that it has taken so far (proc(5): utime and stime)."""
        return cpu_seconds(self.pid)

    @property
    def megabytes(self) -> float:
        """The memory that it holds."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def cpu_seconds(pid: int) -> float:
    """Read the CPU that a process has taken."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(name: str, settings: Mapping[str, str]) -> Iterator[Server]:
    """Run a contestant for the block."""
    port = free_port()
    command = [sys.executable, *(part.format(port=port) for part in COMMANDS[name])]
    started = subprocess.Popen(  # noqa: S603  # a command of ours
        [*pinned(0), *command], cwd=ROOT, env={**os.environ, **settings}, stdout=subprocess.DEVNULL
    )
    try:
        _await_port(port, started)
        yield Server(name, port, started.pid)
    finally:
        started.terminate()
        started.wait(PATIENCE)


def pinned(core: int) -> list[str]:
    """Keep a command to a core, so that who asks does not take from who answers."""
    return ["taskset", "-c", str(core)] if shutil.which("taskset") and os.cpu_count() != 1 else []


def free_port() -> int:
    """Find a port that nobody listens at."""
    with create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _await_port(port: int, started: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if started.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
