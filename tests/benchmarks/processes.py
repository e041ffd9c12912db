"""Starting and stopping what is measured, on cores of its own where there are two."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection, create_server
from typing import Final

from tests.benchmarks.contestants import CONTESTANTS, ROOT, Contestant
from tests.benchmarks.quotas import quota

PATIENCE: Final = 20.0
CORES: Final = os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Server:
    """A contestant that answers at a port, in one process or more."""

    name: str
    port: int
    pids: Sequence[int]

    @property
    def cpu_seconds(self) -> float:
        """The CPU that it has taken so far."""
        return sum(map(cpu_seconds, self.pids))

    @property
    def megabytes(self) -> float:
        """The memory that it holds."""
        return sum(map(megabytes, self.pids))


def cpu_seconds(pid: int) -> float:
    """Read the CPU that a process has taken (proc(5): utime and stime)."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def megabytes(pid: int) -> float:
    """Read the memory that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


@contextmanager
def running(
    name: str,
    settings: Mapping[str, str],
    under: Sequence[str] = (),
    patience: float = PATIENCE,
    share: float | None = None,
) -> Iterator[Server]:
    """Run a contestant for the block, perhaps under another program, or with no more than a share of a core each."""
    contestant, port = CONTESTANTS[name], free_port()
    with ExitStack() as stack:
        started = []
        for number in range(contestant.processes):
            command = [*core_of(contestant, number), *under, *contestant.command]
            started.append(stack.enter_context(_process(command, port, settings, patience)))
        if share is not None:
            for process in started:
                stack.enter_context(quota(process.pid, share))
        yield Server(name, port, [process.pid for process in started])


@contextmanager
def _process(
    command: Sequence[str], port: int, settings: Mapping[str, str], patience: float
) -> Iterator["subprocess.Popen[bytes]"]:
    started = subprocess.Popen(  # noqa: S603  # a command of ours
        [part.format(port=port) for part in command],
        cwd=ROOT,
        env={**os.environ, **settings},
        stdout=subprocess.PIPE if "shared" in command else subprocess.DEVNULL,
    )
    try:
        await_port(port, started, patience)
        if started.stdout is not None:
            started.stdout.readline()  # that it is there: whoever listens at the port may be another
        yield started
    finally:
        started.send_signal(signal.SIGTERM)
        started.communicate(timeout=PATIENCE)


def core_of(contestant: Contestant, number: int) -> list[str]:
    """Choose a process's core; where there are not enough for all, two share what there is."""
    alone = contestant.processes == 1 or contestant.processes + 1 < CORES
    return pinned(number) if alone else []


def pinned(core: int) -> list[str]:
    """Keep a command to a core, so that who asks does not take from who answers."""
    return ["taskset", "-c", str(core % CORES)] if shutil.which("taskset") and CORES > 1 else []


def free_port() -> int:
    """Find a port that nobody listens at."""
    with create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def await_port(port: int, started: "subprocess.Popen[bytes]", patience: float = PATIENCE) -> None:
    """Wait until a process that was just started lets callers in."""
    deadline = time.monotonic() + patience
    while True:
        try:
            create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if started.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
