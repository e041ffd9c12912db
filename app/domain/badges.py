"""What somebody is to an account: frozen when they write, and what it is today."""

from datetime import datetime
from typing import Final

from tortoise.expressions import RawSQL

from app.database.statements import Row
from app.domain.acting import Acting
from app.kit import clock
from app.kit.frozen import frozen
from models import Membership, MembershipStatus, Relationship

LABELS: Final = {
    Relationship.OWNER: "Owner",
    Relationship.AUTHORIZED_USER: "Authorized user",
    Relationship.REGISTERED_USER: "Registered user",
    Relationship.CONTACT: "Contact",
    Relationship.GUEST: "Guest",
    Relationship.OPERATOR: "Operator",
    Relationship.AUTOMATION: "Automation",
}
STANDING: Final = "now.standing"


def of_member(acting: Acting) -> Relationship:
    """Say what a viewer who writes as themselves is to the account."""
    if acting.is_owner:
        return Relationship.OWNER
    return Relationship.AUTHORIZED_USER if acting.is_let_in else Relationship.REGISTERED_USER


def standing(table: str, user: str) -> dict[str, RawSQL]:
    """Read along with a row what its user's membership in the row's account is today.

    Status and end date come in one text: a statement with two looks at each row's membership takes three times as long.
    """
    both = "m.status || COALESCE(' ' || m.expires_at, '')"
    mine = f"m.account_id = {table}.account_id AND m.user_id = {table}.{user}"
    # Nothing but names of columns is put in.
    return {STANDING: RawSQL(f"(SELECT {both} FROM memberships m WHERE {mine})")}  # noqa: S608


STATUSES: Final = {status.value: status for status in MembershipStatus}
ACTIVE: Final = MembershipStatus.ACTIVE
CHANGING: Final = frozenset(
    {Relationship.OWNER, Relationship.AUTHORIZED_USER, Relationship.REGISTERED_USER}
)


@frozen
class Standing:
    """What a membership is today: its status, its end date, and whether its user owns the account."""

    status: MembershipStatus | None
    expires_at: datetime | None
    owns: bool


def told(membership: Membership | None) -> str | None:
    """Tell a membership that is known the way `standing` reads it."""
    if membership is None:
        return None
    until = membership.expires_at
    return f"{membership.status} {until.isoformat()}" if until else str(membership.status)


def standing_in(row: Row, *, owns: bool) -> Standing:
    """Read what `standing` has read along."""
    status, _, until = (row[STANDING] or "").partition(" ")
    expires_at = datetime.fromisoformat(until) if until else None
    return Standing(STATUSES[status] if status else None, expires_at, owns)


def current(frozen: Relationship, now: Standing) -> Relationship:
    """Say what somebody is to the account today; staff, guests and automations stay what they were."""
    if frozen not in CHANGING:
        return frozen
    ended = now.expires_at is not None and now.expires_at <= clock.now()
    if now.status is not ACTIVE or ended:
        return Relationship.REGISTERED_USER
    return Relationship.OWNER if now.owns else Relationship.AUTHORIZED_USER
