"""Noting what people do who are not signed in: each act while there are few, of a flood how many more there were."""

from datetime import timedelta

from app.domain import audit, quotas
from app.domain.acts import Act, act
from app.domain.audit import Change, Deed, Target, Who
from app.domain.calls import Call
from app.domain.quotas import Limit
from app.domain.site import Site
from app.kit import addresses
from models import NO_ACCOUNT, ActorKind, AuditAction, AuditOutcome, Channel, Quota

NOTED = Limit(most=20, window=timedelta(minutes=1))
OUTCOMES = {
    AuditAction.USER_LOGIN_FAILED: AuditOutcome.DENIED,
    AuditAction.USER_PASSWORD_RESET_REQUESTED: AuditOutcome.SUCCEEDED,
}


def nobody(email: str) -> Target:
    """Name an address that is nobody's, as far as the log goes."""
    return Target(None, "User", addresses.mask(email)[:254])


async def note(under_way: Act, action: AuditAction, target: Target) -> None:
    """Note an act, unless there were too many in this minute; those that were too many are summed up in the next."""
    kind = "unknown" if target.id is None else "known"  # what is done to nobody keeps nothing out
    if await _count(under_way, action, kind, 1):
        who = Who(ActorKind.GUEST, None, "Somebody", via=under_way.call.via)
        await under_way.record(NO_ACCOUNT, who, Deed(action, (target,), outcome=OUTCOMES[action]))


async def sum_up(site: Site) -> None:
    """Note how many were too many in a minute that is over, where nobody has come since."""
    call = Call(site, request_id="cleaning", via=Channel.SYSTEM)
    for flood in await Quota.filter(key__startswith="noted:", count__gt=NOTED.most):
        _, action, kind = flood.key.split(":")
        async with act(call) as under_way:
            await _count(under_way, AuditAction(action), kind, 0)


async def _count(under_way: Act, action: AuditAction, kind: str, number: int) -> bool:
    tally = await quotas.tally(f"noted:{action}:{kind}", NOTED, number)
    if tally.beyond_before:
        target = Target(None, "User", f"{tally.beyond_before} others")
        change = Change("count", after=tally.beyond_before)
        deed = Deed(action, (target,), (change,), outcome=OUTCOMES[action])
        await under_way.record(NO_ACCOUNT, audit.SYSTEM, deed)
    return tally.is_within
