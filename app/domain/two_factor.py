"""Two-factor sign-in: enrolling an app, ending it, and the codes for who has lost it."""

import secrets as random

from app.domain import audit, emails, factors, known_devices, own_sessions, sessions, stepping_up
from app.domain.acts import Act, act, still
from app.domain.audit import Deed
from app.domain.emails import Mail
from app.domain.refusals import ErrorCode, InvalidCode, Refusal
from app.domain.viewers import Viewer
from app.kit import ciphers, clock, secrets, totp
from app.kit.frozen import frozen
from models import NO_ACCOUNT, AuditAction, RecoveryCode, Session, User

ISSUER = "Keyfob"
NUMBER_OF_CODES = 10
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # 32 signs that are not mistaken for one another


class NotEnrolled(Refusal):
    """There is no second factor."""

    code = ErrorCode.INVALID_INPUT
    says = "Two-factor sign-in is not set up."


@frozen
class Setup:
    """What an authenticator app needs: shown once, as a secret, as its address and as a picture."""

    secret: str
    uri: str
    qr_code: str


async def begin(viewer: Viewer) -> Setup:
    """Offer a secret; until a code of it confirms it, the old app goes on working."""
    secret = totp.mint()
    cipher = ciphers.encrypt(secret, viewer.call.site.settings.secret_keys)
    async with act(viewer.call, NO_ACCOUNT):
        stepping_up.require(await _again(viewer))
        await User.filter(id=viewer.user.id).update(totp_pending_cipher=cipher)
    uri = totp.uri(secret, viewer.user.email, ISSUER)
    return Setup(secret, uri, totp.qr_code(uri))


async def confirm(viewer: Viewer, code: str) -> list[str]:
    """Enrol the app that shows this code; ends all other sessions. Ten recovery codes, shown this once."""
    async with act(viewer.call, NO_ACCOUNT) as under_way:
        viewer = await _again(viewer)
        user = await User.select_for_update().get(id=viewer.user.id)
        keys = viewer.call.site.settings.secret_keys
        pending = user.totp_pending_cipher
        step = totp.step_of(ciphers.decrypt(pending, keys), code, clock.now()) if pending else None
        if step is None:
            raise InvalidCode("totp")

        user.totp_cipher, user.totp_pending_cipher, user.totp_step = pending, None, step
        user.two_factor_enabled_at = under_way.now
        await user.save(update_fields=[*TOTP_FIELDS])
        await Session.filter(id=viewer.session.id).update(two_factor_verified_at=under_way.now)
        codes = await _new_codes(user)
        await _changed(under_way, viewer, "two_factor_enabled")
        await _record(under_way, viewer, AuditAction.USER_TWO_FACTOR_ENABLED)
    return codes


async def disable(viewer: Viewer) -> None:
    """End two-factor sign-in; the recovery codes go with it, and all other sessions end."""
    async with act(viewer.call, NO_ACCOUNT) as under_way:
        viewer = await _again(viewer)
        if not viewer.user.has_two_factor:
            raise NotEnrolled

        await remove(viewer.user)
        await _changed(under_way, viewer, "two_factor_disabled")
        await _record(under_way, viewer, AuditAction.USER_TWO_FACTOR_DISABLED)


async def regenerate(viewer: Viewer) -> list[str]:
    """Make ten new recovery codes; the old ones die."""
    async with act(viewer.call, NO_ACCOUNT) as under_way:
        viewer = await _again(viewer)
        if not viewer.user.has_two_factor:
            raise NotEnrolled

        codes = await _new_codes(viewer.user)
        await _record(under_way, viewer, AuditAction.USER_RECOVERY_CODES_REGENERATED)
    return codes


async def remove(user: User) -> None:
    """Forget a user's second factor, and what stands in for it."""
    await User.filter(id=user.id).update(
        totp_cipher=None, totp_pending_cipher=None, two_factor_enabled_at=None
    )
    await RecoveryCode.filter(user_id=user.id).delete()


async def codes_left(user: User) -> int:
    """Count the recovery codes that were not used."""
    return await RecoveryCode.filter(user_id=user.id, used_at=None).count()


TOTP_FIELDS = ("totp_cipher", "totp_pending_cipher", "totp_step", "two_factor_enabled_at")


async def _again(viewer: Viewer) -> Viewer:
    viewer = await still(viewer)
    await viewer.user.refresh_from_db()
    return viewer


async def _new_codes(user: User) -> list[str]:
    codes = [mint_code() for _ in range(NUMBER_OF_CODES)]
    await RecoveryCode.filter(user_id=user.id).delete()
    hashes = (secrets.digest(factors.spelt(code)) for code in codes)
    await RecoveryCode.bulk_create(RecoveryCode(user_id=user.id, code_hash=each) for each in hashes)
    return codes


def mint_code() -> str:
    """Make a recovery code of 120 bits: so long that a fast hash is enough for what is kept of it."""
    groups = ("".join(random.choice(ALPHABET) for _ in range(4)) for _ in range(6))
    return "-".join(groups)


async def _changed(under_way: Act, viewer: Viewer, kind: str) -> None:
    """End all other sessions, forget the devices, and tell the user."""
    others = await own_sessions.others_of(viewer.user, viewer.session.id)
    await own_sessions.close(under_way, others)
    await known_devices.forget(viewer.user)
    facts = {"name": viewer.name, "at": under_way.now}
    await emails.queue(under_way, Mail(kind, viewer.user.email, viewer.user.locale, facts))


async def _record(under_way: Act, viewer: Viewer, action: AuditAction) -> None:
    deed = Deed(action, (sessions.target(viewer.user),))
    await under_way.record(NO_ACCOUNT, audit.person(viewer), deed)
