"""Forgetting what no longer counts: nothing that strangers cause may grow for ever."""

import asyncio
from datetime import timedelta

from tortoise.expressions import Q

from app.domain import strangers
from app.domain.site import Site
from app.kit import clock
from models import Challenge, Device, Link, Quota, Session, SessionStatus, Throttle

PAUSE_SECONDS = 3600.0
COUNTED_FOR = timedelta(days=2)
ENDED_FOR = timedelta(days=90)


async def clean(site: Site) -> None:
    """Sum up what was only counted; delete old counters, secrets that are over, and sessions that ended long ago."""
    await strangers.sum_up(site)
    now = clock.now()
    await Quota.filter(last_at__lt=now - COUNTED_FOR).delete()
    idle = Throttle.filter(last_at__lt=now - COUNTED_FOR)
    await idle.filter(Q(locked_until__isnull=True) | Q(locked_until__lt=now)).delete()
    for model in (Challenge, Device, Link):
        await model.filter(expires_at__lt=now).delete()
    long_ago = now - ENDED_FOR
    ended = Q(status=SessionStatus.REVOKED, last_active_at__lt=long_ago) | Q(
        expires_at__lt=long_ago
    )
    await Session.filter(ended).delete()


async def keep(site: Site) -> None:
    """Go on cleaning until cancelled."""
    while True:
        await asyncio.sleep(PAUSE_SECONDS)
        await clean(site)
