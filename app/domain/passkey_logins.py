"""Signing in with a passkey: one step, which counts as both."""

from app.domain import known_devices, passkeys, sessions, strangers, throttling
from app.domain.acts import act
from app.domain.audit import Target
from app.domain.calls import Call
from app.domain.passkeys import PasskeyProof
from app.domain.refusals import InvalidCode
from app.domain.sessions import InvalidCredentials, Known, Opened
from app.domain.throttling import Attempt
from models import AuditAction


class WrongPasskey(InvalidCredentials):
    """The key is unknown, or has not signed what it was asked to: nobody can tell which."""

    says = "This passkey is not known here, or its answer is wrong or too old."


async def login(
    call: Call, proof: PasskeyProof, device_token: str | None, *, remember: bool
) -> Opened:
    """Sign in as whoever the key is of; misses count against their source, and keep no right key waiting."""
    try:
        user, _ = await passkeys.prove(call, proof, None)
    except InvalidCode as no:
        await _note_failure(call)
        raise WrongPasskey("proof") from no
    device = await known_devices.find(user, device_token)

    async with act(call) as under_way:
        known = Known(user, proved=True, device=device)
        return await sessions.open_session(under_way, known, remember=remember)


async def _note_failure(call: Call) -> None:
    await throttling.count(call, Attempt((throttling.by_source(call),)))
    async with act(call) as under_way:
        target = Target(None, "Passkey", "unknown")
        await strangers.note(under_way, AuditAction.USER_LOGIN_FAILED, target)
