"""The second factor: proving it, whichever it is."""

from app.domain import emails, passkeys, throttling
from app.domain.acts import act
from app.domain.audit import Deed, Target, Who
from app.domain.calls import Call
from app.domain.emails import Mail
from app.domain.passkeys import PasskeyProof
from app.domain.refusals import InvalidCode
from app.kit import ciphers, clock, devices, secrets, totp
from app.kit.frozen import frozen
from models import NO_ACCOUNT, ActorKind, AuditAction, RecoveryCode, User


@frozen
class Proof:
    """What somebody proves their second factor with: one of the three."""

    totp: str | None = None
    recovery_code: str | None = None
    passkey: PasskeyProof | None = None


async def guess(call: Call, user: User, proof: Proof) -> None:
    """Check a proof of somebody whose password is proved; guesses count, whatever else has been right."""
    attempt = throttling.by_user(user)
    await throttling.count(call, attempt)
    await check(call, user, proof)
    await throttling.forgive(attempt)


async def check(call: Call, user: User, proof: Proof) -> None:
    """Refuse a proof that is wrong, or was used before: a code works once, also for two who try at once."""
    if proof.totp is not None:
        await _check_totp(call, user, proof.totp)
    elif proof.recovery_code is not None:
        await _use_recovery_code(call, user, proof.recovery_code)
    elif proof.passkey is not None:
        await passkeys.prove(call, proof.passkey, user.id)


async def _check_totp(call: Call, user: User, code: str) -> None:
    if user.totp_cipher is None:
        raise InvalidCode("totp")
    secret = ciphers.decrypt(user.totp_cipher, call.site.settings.secret_keys)
    step = totp.step_of(secret, code, clock.now())
    unused = User.filter(id=user.id, totp_cipher=user.totp_cipher, totp_step__lt=step or 0)
    if step is None or not await unused.update(totp_step=step):
        raise InvalidCode("totp")


async def _use_recovery_code(call: Call, user: User, code: str) -> None:
    hashed = secrets.digest(spelt(code))
    async with act(call) as under_way:
        unused = RecoveryCode.filter(user_id=user.id, code_hash=hashed, used_at=None)
        if not await unused.update(used_at=under_way.now):
            raise InvalidCode("recoveryCode")
        left = await RecoveryCode.filter(user_id=user.id, used_at=None).count()
        facts = {
            "name": user.display_name,
            "left": left,
            "at": under_way.now,
            "device": devices.describe(call.user_agent).label,
        }
        await emails.queue(under_way, Mail("recovery_code_used", user.email, user.locale, facts))
        who = Who(ActorKind.USER, user.id, user.display_name, via=call.via)
        target = Target(user.id, "User", user.display_name)
        await under_way.record(NO_ACCOUNT, who, Deed(AuditAction.RECOVERY_CODE_USED, (target,)))


def spelt(code: str) -> str:
    """Read a recovery code as it was meant: no hyphens, no blanks, capitals."""
    return "".join(filter(str.isalnum, code)).upper()
