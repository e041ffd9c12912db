"""Reading who works in accounts."""

from typing import Final

from tortoise.expressions import Q, RawSQL

from app.database.paging import Listing, Order, Rows
from app.domain.account_lists import COLUMNS
from app.kit.frozen import frozen
from models import EVERYTHING, Membership, MembershipStatus, Permission, Permissions
from models.permission import effective, mask

JOINED: Final = Order("members", "joined_at")


@frozen
class MemberSearch:
    """Which members to list."""

    text: str | None = None
    status: tuple[MembershipStatus, ...] = (MembershipStatus.ACTIVE, MembershipStatus.SUSPENDED)
    permission: Permission | None = None


def of_accounts(search: MemberSearch) -> Listing:
    """List the members of accounts, whoever joined first on top."""
    return Listing(_rows(search), JOINED, COLUMNS, "account_id")


def of_user(user_id: str, search: MemberSearch) -> Listing:
    """List the memberships of a user."""
    return Listing(_rows(search).filter(user_id=user_id), JOINED, COLUMNS)


def _rows(search: MemberSearch) -> Rows:
    rows = Membership.filter(status__in=search.status)
    if search.text:
        rows = rows.filter(_matching(search.text))
    if search.permission is not None:
        held = mask(_granting(search.permission))
        owns = "(SELECT a.owner_id = memberships.user_id FROM accounts a WHERE a.id = memberships.account_id)"
        bits = RawSQL(f"CASE WHEN {owns} THEN 1 ELSE memberships.granted & {held} END")
        rows = rows.annotate(holds=bits).filter(holds__gt=0)
    return rows


def _matching(text: str) -> Q:
    columns = ("user__first_name", "user__last_name", "user__email")
    return Q(*(Q(**{f"{column}__icontains": text}) for column in columns), join_type="OR")


def _granting(permission: Permission) -> Permissions:
    """Every key that brings the permission, itself or by implying it."""
    return frozenset(key for key in EVERYTHING if permission in effective(frozenset({key})))
