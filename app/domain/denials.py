"""Noting what was tried and is not allowed; so many an hour that it can be seen, and no more."""

from datetime import timedelta

from app.domain import audit, quotas
from app.domain.acting import Acting
from app.domain.acts import act
from app.domain.audit import Deed
from app.domain.quotas import Limit
from app.domain.refusals import ErrorCode, RateLimited, Refusal
from app.domain.viewers import Viewer
from models import NO_ACCOUNT, AuditAction, AuditOutcome

NOTED = Limit(most=20, window=timedelta(hours=1))
CODES = {
    ErrorCode.FORBIDDEN,
    ErrorCode.CANNOT_GRANT_PERMISSION,
    ErrorCode.CANNOT_EDIT_SELF,
    ErrorCode.OWNER_IS_IMMUTABLE,
}


def is_denial(no: Refusal) -> bool:
    """Whether somebody tried what they are not allowed to do, rather than mistyped something."""
    return no.code in CODES


async def note(viewer: Viewer, action: AuditAction, acting: Acting | None) -> None:
    """Note an attempt with the account, where the viewer is a member of it; else where no account has its lock."""
    inside = acting is not None and acting.is_let_in
    chain = acting.account.id if acting is not None and inside else NO_ACCOUNT
    try:
        async with act(viewer.call, chain) as under_way:
            await quotas.take(f"denied:{viewer.user.id}", NOTED)
            deed = Deed(action, outcome=AuditOutcome.DENIED)
            await under_way.record(chain, audit.person(viewer), deed)
    except RateLimited:
        return
