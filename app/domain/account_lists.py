"""Reading the viewer's accounts."""

from dataclasses import dataclass
from typing import Final

from app.database import statements
from app.database.paging import Listing, Order
from app.database.statements import Row
from app.domain import faces
from app.domain.acting import Acting
from app.domain.viewers import Viewer
from models import Account, AccountStatus, Membership, MembershipStatus

BY_NAME: Final = Order("accounts", "account__name_key", str)
BY_AGE: Final = Order("accounts", "account__created_at")
BY_USE: Final = Order("accounts", "last_active_at")
COLUMNS: Final = {
    **statements.whole(Membership, "membership"),
    **faces.account("account"),
    **faces.user("user"),
    "user.email": "user__email",
    "user.two_factor_enabled_at": "user__two_factor_enabled_at",
}


@dataclass(frozen=True, slots=True)
class AccountSearch:
    """Which of the viewer's accounts to list."""

    text: str | None = None
    status: tuple[AccountStatus, ...] | None = None


def mine(viewer: Viewer, search: AccountSearch, order: Order) -> Listing:
    """List the accounts that the viewer is a member of, suspended or not."""
    rows = Membership.filter(user_id=viewer.user.id).exclude(status=MembershipStatus.ENDED)
    if search.text:
        rows = rows.filter(account__name__icontains=search.text)
    if search.status is not None:
        rows = rows.filter(account__status__in=search.status)
    return Listing(rows, order, COLUMNS)


def acting_of(viewer: Viewer, row: Row) -> Acting:
    """Take the viewer's own place from a row of their memberships."""
    account = statements.found(Account, "account", row)
    return Acting(viewer, account, statements.found(Membership, "membership", row))


async def one(viewer: Viewer, account_id: str) -> tuple[Row, Acting] | None:
    """Read an account with the viewer's place in it, or as staff; None for what is not theirs to see."""
    rows = await Membership.filter(user_id=viewer.user.id, account_id=account_id).values(**COLUMNS)
    if rows:
        return rows[0], acting_of(viewer, rows[0])
    if viewer.operator is None:
        return None
    found = await Account.filter(id=account_id).values(**OF_ACCOUNT)
    if not found:
        return None
    return found[0], Acting(viewer, statements.found(Account, "account", found[0]), None)


OF_ACCOUNT: Final = {
    **statements.whole(Account, "account"),
    **statements.under("owner", faces.USER),
}
