"""Which events of the log to list."""

from datetime import datetime

import strawberry

from app.domain.event_lists import EventSearch
from app.domain.viewers import Viewer
from resolvers import filters
from resolvers.audit_words import AuditAction, AuditOutcome
from resolvers.declare import attribute, form


@form
class AuditFilter:
    """Which events to list."""

    actions: list[AuditAction] | None = None
    actor_id: strawberry.ID | None = None
    target_id: strawberry.ID | None = None
    outcome: list[AuditOutcome] | None = None
    ip: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    search: str | None = attribute(
        default=None, description="In the names of who acted and what was acted upon."
    )


def event_search(wanted: AuditFilter | None, viewer: Viewer) -> EventSearch:
    """Read a filter; by address only staff find what staff did."""
    if wanted is None:
        return EventSearch()
    return EventSearch(
        actions=tuple(wanted.actions) if wanted.actions is not None else None,
        actor_id=filters.any_key(wanted.actor_id, "actorId"),
        target_id=filters.any_key(wanted.target_id, "targetId"),
        outcome=tuple(wanted.outcome) if wanted.outcome is not None else None,
        ip=filters.address(wanted.ip, "ip"),
        ip_of_staff=viewer.operator is not None,
        since=filters.instant(wanted.since, "since"),
        until=filters.instant(wanted.until, "until"),
        text=filters.text(wanted.search, "search"),
    )
