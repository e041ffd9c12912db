"""What time it is: one clock for rows, links and the log, which tests and the demo's history move."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from time import time_ns

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NANOSECONDS = 1_000_000  # of a millisecond
_moved: ContextVar[datetime | None] = ContextVar("moved", default=None)


def now() -> datetime:
    """Return this instant in UTC, whole milliseconds: what both databases store and the API prints."""
    if (moved_to := _moved.get()) is not None:
        return moved_to.replace(microsecond=moved_to.microsecond // 1000 * 1000)
    return EPOCH + timedelta(0, 0, 0, time_ns() // NANOSECONDS)


@contextmanager
def moved(to: datetime) -> Iterator[None]:
    """Let it be another instant for all that this task does in the block; for nobody else."""
    token = _moved.set(to)
    try:
        yield
    finally:
        _moved.reset(token)
