"""Reading tickets and what was said in them."""

from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from tortoise.expressions import Q
from tortoise.functions import Count
from tortoise.queryset import ValuesQuery

from app.database.paging import Listing, Order, Rows, where
from app.database.prepared import Prepared
from app.database.statements import Row
from app.domain import badges, faces, ticket_access
from app.domain.acting import Acting
from app.domain.ticket_access import Desk
from app.domain.viewers import Viewer
from app.kit.frozen import frozen
from models import (
    Membership,
    MembershipStatus,
    Permission,
    Ticket,
    TicketMessage,
    TicketPriority,
    TicketStatus,
)

ORDERS: Final = {"UPDATED_AT": "updated_at", "CREATED_AT": "created_at", "PRIORITY": "priority"}
OLDEST: Final = Order("messages", "created_at")
PLAIN = (
    *("id", "author_kind", "author_name", "author_email", "relationship", "verified"),
    *("body", "via", "ip", "internal", "created_at"),
)
MESSAGE: Final = {
    **{column: column for column in (*PLAIN, badges.STANDING)},
    **faces.user("author"),
    **faces.operator("operator"),
    # Who is deleted is forgotten here, too: the keys of their rows are those that the message holds.
    "author.id": "author_id",
    "operator.id": "operator_id",
}


@frozen
class TicketSearch:
    """Which tickets to list."""

    text: str | None = None
    status: tuple[TicketStatus, ...] | None = None
    department_id: str | None = None
    priority: tuple[TicketPriority, ...] | None = None
    opener_id: str | None = None
    updated_since: datetime | None = None

    def matching(self) -> Q:
        """Write the search as a condition."""
        wanted = {
            "status__in": self.status,
            "department_id": self.department_id,
            "priority__in": self.priority,
            "opener_id": self.opener_id,
            "updated_at__gte": self.updated_since,
        }
        chosen = where(**{name: value for name, value in wanted.items() if value is not None})
        if not self.text:
            return chosen
        return chosen & (Q(subject__icontains=self.text) | Q(number__icontains=self.text))


ANY: Final = TicketSearch()


def order(field: str, *, descending: bool) -> Order:
    """Sort tickets by when they last changed, when they were opened, or how urgent they are."""
    column = ORDERS[field]
    kind = TicketPriority if column == "priority" else datetime
    return Order("tickets", column, kind, descending)


@lru_cache(maxsize=16)
def of_accounts(search: TicketSearch, by: Order) -> Listing:
    """List the tickets of accounts."""

    def rows() -> Rows:
        return ticket_access.rows(Ticket.filter(search.matching()))

    shape = ("tickets",) if search == ANY else None
    return Listing(rows, by, ticket_access.OF_ACCOUNT, "account_id", shape)


async def of_viewer(viewer: Viewer, search: TicketSearch, by: Order) -> Listing:
    """List every ticket that the viewer may read as a customer: of all their accounts, and their own outside any."""
    members = Membership.filter(user_id=viewer.user.id, status=MembershipStatus.ACTIVE)
    held = [
        member.account_id
        for member in await members.select_related("account")
        if Permission.TICKETS in Acting(viewer, member.account, member).permissions
    ]
    me = viewer.user.id
    mine = Q(account_id__in=held, account__memberships__user_id=me)
    own = Q(account_id__isnull=True, opener_id=me)
    rows = ticket_access.rows(Ticket.filter(search.matching(), mine | own))
    return Listing(rows, by, {**ticket_access.COLUMNS, **ticket_access.MINE})


@lru_cache(maxsize=2)
def messages(*, as_staff: bool) -> Listing:
    """List what was said in tickets, the oldest on top; notes are for staff."""

    def rows() -> Rows:
        said = TicketMessage.all() if as_staff else TicketMessage.filter(internal=False)
        return said.annotate(**badges.standing("ticket_messages", "author_id"))

    return Listing(rows, OLDEST, MESSAGE, "ticket_id", ("messages", as_staff))


@lru_cache(maxsize=2)
def message(*, as_staff: bool) -> Prepared:
    """Prepare reading one message of a ticket."""

    def build(key: str, ticket: str) -> ValuesQuery[Any]:
        said = messages(as_staff=as_staff).rows.filter(id=key, ticket_id=ticket)
        return said.values(**MESSAGE)

    return Prepared(build, key=(TicketMessage, "id"), ticket=(TicketMessage, "ticket_id"))


def row_of(said: TicketMessage, desk: Desk) -> Row:
    """Lay out a message that the viewer has just written, as a list would read it."""
    viewer, is_staff = desk.viewer, said.author_id is None
    face = {name: getattr(viewer.user, name) for name in faces.USER}
    own = {f"author.{name}": None if is_staff else value for name, value in face.items()}
    held = {f"operator.user__{name}": value if is_staff else None for name, value in face.items()}
    rank = viewer.operator if is_staff else None
    membership = desk.acting.membership if desk.acting and not is_staff else None
    return {
        **{column: getattr(said, column) for column in PLAIN},
        **own,
        **held,
        "operator.id": rank and rank.id,
        "operator.role": rank and rank.role,
        badges.STANDING: badges.told(membership),
    }


async def count_open(column: str, owners: list[str]) -> dict[str, int]:
    """Count the tickets that are not closed, of accounts (`account_id`) or departments (`department_id`)."""
    rows = Ticket.filter(**{f"{column}__in": owners}).exclude(status=TicketStatus.CLOSED)
    counted = rows.annotate(number=Count("id")).group_by(column)
    return {row[column]: row["number"] for row in await counted.values(column, "number")}
