"""What time it is: one clock for rows, links and the log, which tests move."""

from datetime import UTC, datetime

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """Return this instant in UTC, whole milliseconds: what both databases store and the API prints."""
    instant = datetime.now(UTC)  # noqa: TID251 - the one place that reads the machine's clock
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)
