"""The devices one is signed in on."""

from app.domain import audit, known_devices, texts
from app.domain.acts import Act, act, still
from app.domain.audit import Deed, Target, Who
from app.domain.refusals import NotFound
from app.domain.viewers import Viewer
from app.kit import clock
from models import NO_ACCOUNT, AuditAction, Session, SessionStatus, User


async def living(viewer: Viewer) -> list[Session]:
    """List the viewer's sessions that have not ended, the one used last on top."""
    now = clock.now()
    rows = Session.filter(
        user_id=viewer.user.id,
        status=SessionStatus.ACTIVE,
        expires_at__gt=now,
        idle_until__gt=now,
    )
    return await rows.order_by("-last_active_at", "-id")


async def revoke(viewer: Viewer, session_id: str) -> Session:
    """End one of the viewer's sessions: it is dead at once, and its streams end."""
    async with act(viewer.call, NO_ACCOUNT) as under_way:
        await still(viewer)
        known = texts.key("ses", session_id)
        session = await Session.get_or_none(id=known, user_id=viewer.user.id) if known else None
        if session is None:
            raise NotFound("sessionId", thing="session")
        await end(under_way, audit.person(viewer), [session])
    session.status = SessionStatus.REVOKED
    return session


async def revoke_others(viewer: Viewer) -> int:
    """End all of the viewer's sessions but this one, and forget their devices; how many there were."""
    async with act(viewer.call, NO_ACCOUNT) as under_way:
        await still(viewer)
        others = await others_of(viewer.user, viewer.session.id)
        await end(under_way, audit.person(viewer), others)
        await known_devices.forget(viewer.user)
    return len(others)


async def others_of(user: User, session_id: str | None) -> list[Session]:
    """Find a user's active sessions but one."""
    rows = Session.filter(user_id=user.id, status=SessionStatus.ACTIVE)
    return await (rows.exclude(id=session_id) if session_id else rows)


async def replace(under_way: Act, user: User, who: Who) -> None:
    """End the session that the request came with, if it is of the same user: who signs in again has a new one."""
    carried = Session.filter(id=under_way.call.session_id, user_id=user.id)
    await end(under_way, who, await carried.filter(status=SessionStatus.ACTIVE))


async def end(under_way: Act, who: Who, ended: list[Session]) -> None:
    """End sessions, with a note of each."""
    await close(under_way, ended)
    for session in ended:
        target = Target(session.id, "Session", audit.hint_of(session.id))
        deed = Deed(AuditAction.SESSION_REVOKED, (target,))
        await under_way.record(NO_ACCOUNT, who, deed)


async def close(under_way: Act, ended: list[Session]) -> None:
    """End sessions; their streams are woken, and end."""
    ids = [session.id for session in ended]
    await Session.filter(id__in=ids).update(status=SessionStatus.REVOKED)
    under_way.topics.update(ids)
