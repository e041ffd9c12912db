"""Counting how often something happens, under a lock that holds over all processes."""

from datetime import UTC, datetime, timedelta
from math import ceil

from app.domain.refusals import RateLimited
from app.kit import clock
from app.kit.frozen import frozen
from models import Quota

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@frozen
class Limit:
    """At most so many in a window, and no two within the gap."""

    most: int
    window: timedelta
    gap: timedelta = timedelta(0)


async def take(key: str, limit: Limit, *path: str) -> None:
    """Count one, or refuse and count nothing; in the transaction of what is counted, so that both happen or neither."""
    now = clock.now()
    quota = await _row(key)
    if now - quota.window_started_at >= limit.window:
        quota.window_started_at, quota.count = now, 0
    ready = quota.last_at + limit.gap
    if quota.count >= limit.most:
        ready = max(ready, quota.window_started_at + limit.window)
    if ready > now:
        raise RateLimited(ceil((ready - now).total_seconds()), *path)

    await Quota.filter(key=key).update(
        window_started_at=quota.window_started_at, count=quota.count + 1, last_at=now
    )


@frozen
class Tally:
    """Whether what was counted is within the limit, and how many were beyond it in the window that has just ended."""

    is_within: bool
    beyond_before: int


async def tally(key: str, limit: Limit, number: int = 1) -> Tally:
    """Count what happens in any case; the first count after a window tells what was beyond its limit."""
    now, beyond = clock.now(), 0
    quota = await _row(key)
    if now - quota.window_started_at >= limit.window:
        beyond = max(0, quota.count - limit.most)
        quota.window_started_at, quota.count = now, 0

    count = quota.count + number
    await Quota.filter(key=key).update(
        window_started_at=quota.window_started_at, count=count, last_at=now
    )
    return Tally(count <= limit.most, beyond)


async def _row(key: str) -> Quota:
    """Lock the row of a key, which is made if there is none; whoever cleans up may take it away in between."""
    while True:
        fresh = Quota(key=key, window_started_at=clock.now(), count=0, last_at=LONG_AGO)
        await Quota.bulk_create([fresh], ignore_conflicts=True)
        quota = await Quota.select_for_update().get_or_none(key=key)
        if quota is not None:
            return quota
