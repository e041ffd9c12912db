"""Which tickets to list."""

from datetime import datetime

import strawberry

from app.domain.ticket_lists import TicketSearch
from models import TicketPriority, TicketStatus
from resolvers import filters
from resolvers.declare import attribute, form, words

words(
    TicketStatus,
    {
        "OPEN": "New, or opened again.",
        "ANSWERED": "Staff have written last.",
        "CUSTOMER_REPLY": "A customer has written last.",
    },
)
words(TicketPriority)


@form
class TicketFilter:
    """Which tickets to list."""

    search: str | None = attribute(default=None, description="In subject or number.")
    status: list[TicketStatus] | None = None
    department_id: strawberry.ID | None = None
    priority: list[TicketPriority] | None = None
    opener_id: strawberry.ID | None = None
    updated_since: datetime | None = None


def ticket_search(wanted: TicketFilter | None) -> TicketSearch:
    """Read a filter."""
    if wanted is None:
        return TicketSearch()
    return TicketSearch(
        text=filters.text(wanted.search, "search"),
        status=tuple(wanted.status) if wanted.status is not None else None,
        department_id=filters.key("dep", wanted.department_id, "departmentId"),
        priority=tuple(wanted.priority) if wanted.priority is not None else None,
        opener_id=filters.key("usr", wanted.opener_id, "openerId"),
        updated_since=filters.instant(wanted.updated_since, "updatedSince"),
    )
