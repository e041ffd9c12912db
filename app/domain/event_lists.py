"""Reading the log."""

from datetime import datetime
from functools import lru_cache
from typing import Final

from tortoise.expressions import Q

from app.database import statements
from app.database.paging import Listing, Order, where
from app.kit.frozen import frozen
from models import ActorKind, AuditAction, AuditEvent, AuditOutcome

NEWEST: Final = Order("events", "sequence", int, descending=True)
NEWEST_OF_ALL: Final = Order("own events", "created_at", descending=True)
COLUMNS: Final = {column: column for column in statements.columns(AuditEvent)}


@frozen
class EventSearch:
    """Which events to list."""

    actions: tuple[AuditAction, ...] | None = None
    actor_id: str | None = None
    target_id: str | None = None
    outcome: tuple[AuditOutcome, ...] | None = None
    ip: str | None = None
    ip_of_staff: bool = False
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None

    def matching(self) -> Q:
        """Write the search as a condition."""
        wanted = {
            "action__in": self.actions,
            "actor_id": self.actor_id,
            "targets__contains": self.target_id and f'"id":"{self.target_id}"',
            "outcome__in": self.outcome,
            "ip": self.ip,
            "created_at__gte": self.since,
            "created_at__lt": self.until,
        }
        chosen = where(**{name: value for name, value in wanted.items() if value is not None})
        if self.ip is not None and not self.ip_of_staff:
            chosen &= ~Q(actor_kind=ActorKind.OPERATOR)
        if not self.text:
            return chosen
        return chosen & (Q(targets__icontains=self.text) | Q(actor_name__icontains=self.text))


ANY: Final = EventSearch()


@lru_cache(maxsize=16)
def of_accounts(search: EventSearch) -> Listing:
    """List the events of accounts, the newest on top."""
    shape = ("events",) if search == ANY else None
    return Listing(
        # An account's events are those of its chain, whose index has them in order.
        lambda: AuditEvent.filter(search.matching()),
        NEWEST,
        COLUMNS,
        "chain",
        shape,
    )


def of_user(user_id: str, search: EventSearch) -> Listing:
    """List what a user did outside any account: their own security events."""
    own = Q(actor_id=user_id) | Q(targets__contains=f'"id":"{user_id}"')
    rows = AuditEvent.filter(
        search.matching(), own, account_id__isnull=True, ticket_id__isnull=True
    )
    return Listing(rows, NEWEST_OF_ALL, COLUMNS)
