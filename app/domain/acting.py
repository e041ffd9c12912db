"""Who is doing something, in which account, and by what right."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.database import statements
from app.database.prepared import Prepared
from app.domain.refusals import (
    AccountClosed,
    AccountSuspended,
    Forbidden,
    MembershipSuspended,
    NotAMember,
    Refusal,
)
from app.domain.viewers import Place, Viewer
from app.kit import clock
from models import (
    EVERYTHING,
    Account,
    AccountStatus,
    Membership,
    MembershipStatus,
    OperatorRole,
    Permission,
    Permissions,
)
from models.permission import effective

NOTHING: Permissions = frozenset()
# Asked for every row: Python 3.11 looks a member of an enumeration up at ten times the price of a name.
ACTIVE: Final = MembershipStatus.ACTIVE
CLOSED: Final = AccountStatus.CLOSED


@dataclass(slots=True, eq=False)  # not frozen, for one is made for every row of every list
class Acting:
    """A user at work in an account: what every rule about an account asks for first. Nothing of it is set later."""

    viewer: Viewer
    account: Account
    membership: Membership | None

    @classmethod
    def maybe_at(cls, viewer: Viewer, account: Account, place: Place | None) -> "Acting":
        """Act in an account where one may have a place."""
        return cls(viewer, account, place.membership if place else None)

    @classmethod
    def at(cls, viewer: Viewer, place: Place) -> "Acting":
        """Act in one's own place."""
        return cls(viewer, place.account, place.membership)

    @property
    def is_let_in(self) -> bool:
        """Whether the membership is active, and its end date not reached."""
        return lets_in(self.membership)

    @property
    def is_owner(self) -> bool:
        """Whether the account is the viewer's."""
        return self.is_let_in and self.account.owner_id == self.viewer.user.id

    @property
    def permissions(self) -> Permissions:
        """Everything that the viewer may do here as a member: the owner, all."""
        mine = self.membership
        if mine is None or not lets_in(mine):
            return NOTHING
        owns = self.account.owner_id == self.viewer.user.id
        return _held(EVERYTHING if owns else mine.granted, self.account.status)

    @property
    def grantable(self) -> Permissions:
        """What the viewer may give to others: never more than they hold, and MANAGE_USERS only as owner or admin."""
        if self.is_owner or self.viewer.ranks(OperatorRole.ADMIN):
            return EVERYTHING
        held = self.permissions
        return held - {Permission.MANAGE_USERS} if Permission.MANAGE_USERS in held else NOTHING

    def enter(self) -> None:
        """Refuse unless the viewer is let into the account."""
        if self.account.status is CLOSED or not lets_in(self.membership):
            raise self._refusal()

    def denial(self) -> Refusal | None:
        """Say why the viewer is not let in, if so."""
        is_open = self.account.status is not AccountStatus.CLOSED
        return None if is_open and self.is_let_in else self._refusal()

    def _refusal(self) -> Refusal:
        if self.is_let_in:
            return AccountClosed("accountId")
        mine = self.membership
        if mine is not None and mine.status is MembershipStatus.SUSPENDED:
            return MembershipSuspended("accountId")
        return NotAMember("accountId")

    def require(self, permission: Permission) -> None:
        """Refuse unless the viewer is let in and holds the permission."""
        self.enter()
        if permission in self.permissions:
            return
        if self.account.status is AccountStatus.SUSPENDED:
            raise AccountSuspended
        raise Forbidden(permission)


def lets_in(held: Membership | None) -> bool:
    """Whether there is a membership that is active, and its end date not reached."""
    return (
        held is not None
        and held.status is ACTIVE
        and (held.expires_at is None or held.expires_at > clock.now())
    )


@lru_cache(maxsize=4096)
def _held(granted: Permissions, status: AccountStatus) -> Permissions:
    if status is AccountStatus.CLOSED:
        return NOTHING
    held = effective(granted)
    return held & {Permission.TICKETS} if status is AccountStatus.SUSPENDED else held


PLACE: Final = Prepared(
    lambda user, account: (
        Membership.filter(user_id=user, account_id=account)
        .limit(1)
        .values(
            **statements.whole(Membership, "membership"),
            **statements.whole(Account, "account", "account"),
        )
    ),
    {"membership": Membership, "account": Account},
    user=(Membership, "user_id"),
    account=(Membership, "account_id"),
)


async def place_of(user_id: str, account_id: str) -> Place | None:
    """Find a user's place in an account, in whatever state: one statement."""
    rows = await PLACE.rows(user=user_id, account=account_id)
    if not rows:
        return None
    account = statements.found(Account, "account", rows[0])
    return Place(account, statements.found(Membership, "membership", rows[0]))


async def in_account(viewer: Viewer, account_id: str) -> Acting:
    """Find the account that is named, as its member or as staff; what is not the viewer's does not exist."""
    place = await place_of(viewer.user.id, account_id)
    if place is not None:
        return Acting.at(viewer, place)
    account = await Account.get_or_none(id=account_id) if viewer.operator else None
    if account is None:
        raise NotAMember("accountId")
    return Acting(viewer, account, None)
