"""Noting when sessions and memberships were last active: at most once a minute, and outside the request."""

import asyncio
from datetime import datetime, timedelta

from tortoise.transactions import in_transaction

from app.domain import sessions
from app.domain.site import Site
from app.domain.viewers import Found
from app.kit import clock
from models import Membership, Session

STALE = timedelta(minutes=1)
PAUSE_SECONDS = 5.0


def note(site: Site, found: Found) -> None:
    """Remember that a session is in use, if that was not written a short while ago."""
    session, now = found.viewer.session, clock.now()
    if now - session.last_active_at < STALE:
        return
    site.active[session.id] = now, session.remember
    if found.place is not None:
        site.active_members[found.place.membership.id] = now


async def write(site: Site) -> None:
    """Write down what was remembered, in one transaction."""
    if not site.active and not site.active_members:
        return
    sessions_now, members_now = dict(site.active), dict(site.active_members)
    site.active.clear()
    site.active_members.clear()
    async with in_transaction():
        for id, (at, remember) in sorted(sessions_now.items()):
            await _touch_session(id, at, remember=remember)
        for id, at in sorted(members_now.items()):
            await Membership.filter(id=id, last_active_at__lt=at).update(last_active_at=at)


async def keep(site: Site) -> None:
    """Go on writing until cancelled."""
    while True:
        await asyncio.sleep(PAUSE_SECONDS)
        await write(site)


async def _touch_session(id: str, at: datetime, *, remember: bool) -> None:
    idle_until = at + sessions.idle_time(remember=remember)
    rows = Session.filter(id=id, last_active_at__lt=at)
    await rows.update(last_active_at=at, idle_until=idle_until)
