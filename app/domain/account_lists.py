"""Reading the viewer's accounts."""

from functools import lru_cache
from typing import Final

from tortoise.expressions import RawSQL

from app.database import statements
from app.database.paging import Listing, Order, Rows
from app.database.prepared import Prepared
from app.database.statements import Row
from app.domain import faces
from app.domain.acting import Acting
from app.domain.viewers import Viewer
from app.kit.frozen import frozen
from models import Account, AccountStatus, Membership, MembershipStatus

BY_NAME: Final = Order("accounts", "account__name_key", str)
BY_AGE: Final = Order("accounts", "account__created_at")
BY_USE: Final = Order("accounts", "last_active_at")
OWN: Final = {**statements.whole(Membership, "membership"), **faces.account("account")}
NESTS: Final = {"membership": Membership, "account": Account}
COLUMNS: Final = {
    **OWN,
    **faces.user("user"),
    "user.email": "user__email",
    "user.two_factor_enabled_at": "user__two_factor_enabled_at",
}


OPEN: Final = "open.tickets"
OPEN_TICKETS: Final = (
    "(SELECT count(*) FROM tickets t"
    " WHERE t.account_id = memberships.account_id AND t.status <> 'CLOSED')"
)


@frozen
class AccountSearch:
    """Which of the viewer's accounts to list."""

    text: str | None = None
    status: tuple[AccountStatus, ...] | None = None


ANY: Final = AccountSearch()


@lru_cache(maxsize=16)
def by_member(search: AccountSearch, order: Order, *, counts: bool = False) -> Listing:
    """List the accounts that a user is a member of, suspended or not; `counts` reads their open tickets along."""
    counted = {OPEN: RawSQL(OPEN_TICKETS)} if counts else {}

    def rows() -> Rows:
        held = Membership.exclude(status=MembershipStatus.ENDED).annotate(**counted)
        if search.text:
            held = held.filter(account__name__icontains=search.text)
        return held if search.status is None else held.filter(account__status__in=search.status)

    shape = ("accounts", counts) if search == ANY else None
    columns = {**OWN, **dict.fromkeys(counted, OPEN)}
    return Listing(rows, order, columns, "user_id", shape, nests=NESTS)


def acting_of(viewer: Viewer, row: Row) -> Acting:
    """Take the viewer's own place from a row of their memberships."""
    held = row.get("membership") or statements.found(Membership, "membership", row)
    return Acting(viewer, row.get("account") or faces.account_of(row), held)


ONE: Final = Prepared(
    lambda user, account: Membership.filter(user_id=user, account_id=account).values(**OWN),
    NESTS,
    user=(Membership, "user_id"),
    account=(Membership, "account_id"),
)


async def one(viewer: Viewer, account_id: str) -> tuple[Row, Acting] | None:
    """Read an account with the viewer's place in it, or as staff; None for what is not theirs to see."""
    rows = await ONE.rows(user=viewer.user.id, account=account_id)
    if rows:
        return rows[0], acting_of(viewer, rows[0])
    if viewer.operator is None:
        return None
    found = await Account.filter(id=account_id).values(**faces.account())
    return (found[0], Acting(viewer, faces.account_of(found[0]), None)) if found else None
