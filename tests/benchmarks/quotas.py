"""A part of a core for each server, so that the database has cores to spare anywhere: Linux with cgroups, as root."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

CGROUPS: Final = Path("/sys/fs/cgroup")
FIRST_VERSION: Final = CGROUPS / "cpu"  # where each controller has a tree of its own
PERIOD: Final = 20_000  # microseconds
NEEDED: Final = "A quota needs Linux, cgroups with the cpu controller, and root."


@contextmanager
def quota(pid: int, share: float) -> Iterator[None]:
    """Give a process no more than a share of a core for the block; OSError where that cannot be had."""
    root = FIRST_VERSION if FIRST_VERSION.is_dir() else CGROUPS
    group = root / f"keyfob-bench-{pid}"
    try:
        group.mkdir()
        _limit(group, int(share * PERIOD))
        (group / "cgroup.procs").write_text(str(pid))
    except OSError as error:
        raise OSError(NEEDED) from error
    try:
        yield
    finally:
        (root / "cgroup.procs").write_text(str(pid))
        group.rmdir()


def _limit(group: Path, micros: int) -> None:
    if group.parent == FIRST_VERSION:
        (group / "cpu.cfs_period_us").write_text(str(PERIOD))
        (group / "cpu.cfs_quota_us").write_text(str(micros))
    else:
        (CGROUPS / "cgroup.subtree_control").write_text("+cpu")
        (group / "cpu.max").write_text(f"{micros} {PERIOD}")
