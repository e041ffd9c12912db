"""Proving who one is: the second step of signing in, and again for what is sensitive."""

from app.domain import audit, factors, sessions, stepping_up, throttling
from app.domain.acts import Act, act, still
from app.domain.audit import Deed
from app.domain.factors import Proof
from app.domain.refusals import InvalidInput
from app.domain.sessions import InvalidCredentials, Opened
from app.domain.viewers import Viewer
from app.kit import passwords
from app.kit.frozen import frozen
from models import NO_ACCOUNT, AuditAction, Session, User


@frozen
class Evidence:
    """What somebody proves it with: the password, or a factor."""

    password: str | None = None
    proof: Proof | None = None


async def verify_two_factor(viewer: Viewer, proof: Proof) -> Opened:
    """Take the second step of signing in; the session gets a new secret."""
    await factors.guess(viewer.call, viewer.user, proof)

    async with act(viewer.call) as under_way:
        session = await _session(under_way, viewer)
        session.two_factor_verified_at = under_way.now
        await session.save(update_fields=["two_factor_verified_at"])
        opened = await sessions.rotate(under_way, session)
        deed = Deed(AuditAction.USER_LOGGED_IN, (sessions.target(viewer.user),))
        await under_way.record(NO_ACCOUNT, audit.person(viewer), deed)
    return opened


async def verify(viewer: Viewer, evidence: Evidence) -> Opened:
    """Open ten minutes for sensitive fields; the session gets a new secret."""
    if evidence.password is not None and viewer.user.has_two_factor:
        raise InvalidInput("Prove your second factor: a password is not enough.", "password")
    await _guess(viewer, evidence)

    async with act(viewer.call) as under_way:
        session = await _session(under_way, viewer)
        session.elevated_until = under_way.now + stepping_up.WINDOW
        await session.save(update_fields=["elevated_until"])
        opened = await sessions.rotate(under_way, session)
        deed = Deed(AuditAction.IDENTITY_VERIFIED, (sessions.target(viewer.user),))
        await under_way.record(NO_ACCOUNT, audit.person(viewer), deed)
    return opened


async def check_password(viewer: Viewer, password: str, *path: str) -> None:
    """Refuse a password that is not the viewer's; guesses count."""
    attempt = throttling.by_user(viewer.user)
    await throttling.count(viewer.call, attempt)
    settings, user = viewer.call.site.settings, await User.get(id=viewer.user.id)
    keys, cost = settings.secret_keys, settings.bcrypt_cost
    if not await passwords.verify(password, user.password_hash, keys, cost):
        raise InvalidCredentials(*path)
    await throttling.forgive(attempt)


async def _guess(viewer: Viewer, evidence: Evidence) -> None:
    if evidence.password is not None:
        await check_password(viewer, evidence.password, "password")
    elif evidence.proof is not None:
        await factors.guess(viewer.call, viewer.user, evidence.proof)


async def _session(under_way: Act, viewer: Viewer) -> Session:
    """Lock the session that rises: its secret is given anew, and two must not do it at once."""
    await under_way.lock(NO_ACCOUNT)
    await still(viewer)
    return await Session.select_for_update().get(id=viewer.session.id)
