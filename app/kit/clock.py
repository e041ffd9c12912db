"""What time it is: one clock for rows, links and the log, which tests and the demo's history move."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_moved: ContextVar[datetime | None] = ContextVar("moved", default=None)


def now() -> datetime:
    """Return this instant in UTC, whole milliseconds: what both databases store and the API prints."""
    instant = _moved.get() or datetime.now(UTC)  # noqa: TID251 - the one place that reads the machine's clock
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


@contextmanager
def moved(to: datetime) -> Iterator[None]:
    """Let it be another instant for all that this task does in the block; for nobody else."""
    token = _moved.set(to)
    try:
        yield
    finally:
        _moved.reset(token)
