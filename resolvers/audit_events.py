"""The log, as the graph shows it."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import orjson
import strawberry

from app.database.statements import Row
from app.domain import access, summaries
from app.domain.event_lists import EventSearch
from app.domain.viewers import Viewer
from models import ActorKind, AuditAction, AuditOutcome, Channel, OperatorRole, Permission
from resolvers import filters
from resolvers.badges import RelationshipBadge, badge_of
from resolvers.context import Info
from resolvers.declare import attribute, fetched, form, node, value, words
from resolvers.devices import Device
from resolvers.people import SYSTEM, Actor, Guest, Node, operator_of, user_of
from resolvers.scalars import IPAddress, Json

if TYPE_CHECKING:  # the way up, which strawberry.lazy goes at run time
    from resolvers.accounts import Account

READING = access.member(Permission.VIEW_AUDIT_LOG, staff=OperatorRole.ADMIN, own=True)
words(AuditAction)
words(AuditOutcome)


@value
class AuditTarget:
    """What was acted upon, under the name it had."""

    target_id: strawberry.ID | None
    type: str
    label: str


@value
class AuditChange:
    """What a field was, and has become."""

    field: str
    before: Json | None
    after: Json | None


@node(READING)
class AuditEvent(Node):
    """Who did it (`actor`), to which account (`account`), through what (`via`, `sessionHint`)."""

    id: strawberry.ID
    sequence: int | None = attribute(
        description="Position in the account's chain; null without an account, for that chain is everybody's."
    )
    action: AuditAction
    summary: str
    row: strawberry.Private[Row]
    account: Annotated["Account", strawberry.lazy("resolvers.accounts")] | None
    via: Channel
    device: Device | None = attribute(
        description="Null for staff actors, unless the reader is staff; so are `ip` and `userAgent`."
    )
    session_hint: str | None = attribute(description="Same value, same session; no id.")
    permission_used: Permission | None
    targets: list[AuditTarget]
    changes: list[AuditChange]
    outcome: AuditOutcome
    ip: IPAddress | None
    user_agent: str | None
    request_id: str
    created_at: datetime
    hash: str = attribute(description="SHA-256 over the previous hash and this event.")

    @fetched(optional=True)
    async def actor(self, info: Info) -> Actor:
        """Who did it; by the name they had, if they are no more."""
        kind, id = self.row["actor_kind"], self.row["actor_id"] or ""
        if kind is ActorKind.SYSTEM:
            return SYSTEM
        find = {ActorKind.USER: user_of, ActorKind.OPERATOR: operator_of}.get(kind)
        known = await find(info.context, id) if find else None
        return known or Guest.of(self.row["id"], self.row["actor_name"])

    @fetched(optional=True)
    async def actor_badge(self, info: Info) -> RelationshipBadge | None:
        """What the actor was to the account at that moment."""
        if self.row["relationship"] is None:
            return None
        user_id = self.row["actor_id"] if self.row["actor_kind"] is ActorKind.USER else None
        return await badge_of(info.context, self.account, user_id, self.row["relationship"])

    @classmethod
    def of(cls, row: Row, viewer: Viewer, account: "Account | None") -> Self:
        """Show an event of an account, or of none."""
        private = row["actor_kind"] is ActorKind.OPERATOR and viewer.operator is None
        user_agent = None if private else row["user_agent"]
        targets, changes = orjson.loads(row["targets"]), orjson.loads(row["changes"])
        return cls(
            id=row["id"],
            sequence=row["sequence"] if row["account_id"] else None,
            action=row["action"],
            summary=summaries.of(row["action"], row["actor_name"], targets),
            row=row,
            account=account,
            via=row["via"],
            device=Device.of(user_agent) if user_agent else None,
            session_hint=row["session_hint"],
            permission_used=row["permission_used"],
            targets=[
                AuditTarget(target_id=each["id"], type=each["type"], label=each["label"])
                for each in targets
            ],
            changes=[AuditChange(**each) for each in changes],
            outcome=row["outcome"],
            ip=None if private else row["ip"],
            user_agent=user_agent,
            request_id=row["request_id"],
            created_at=row["created_at"],
            hash=row["hash"],
        )


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
