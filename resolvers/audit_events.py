"""The log, as the graph shows it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final, Self

import orjson
import strawberry

from app.database.statements import Row
from app.domain import access, summaries
from app.domain.viewers import Viewer
from models import ActorKind, Channel, OperatorRole, Permission
from resolvers.access import foreknown
from resolvers.audit_words import AuditAction, AuditOutcome
from resolvers.badges import RelationshipBadge, badge_of
from resolvers.context import Context, Info
from resolvers.declare import attribute, columns, fetched, node, told, value
from resolvers.devices import Device
from resolvers.people import SYSTEM, Actor, Guest, Node, operator_of, user_of
from resolvers.scalars import IPAddress, Json
from resolvers.selections import Spare

if TYPE_CHECKING:  # the way up, which strawberry.lazy goes at run time
    from resolvers.accounts import Account

READING = access.member(Permission.VIEW_AUDIT_LOG, staff=OperatorRole.ADMIN, own=True)

SPARE_OF_EVENTS: Final = Spare(
    {
        "relationship": "actorBadge",
        "session_hint": "sessionHint",
        "permission_used": "permissionUsed",
        "changes": "changes",
        "ip": "ip",
        "request_id": "requestId",
        "hash": "hash",
    }
)
"""Columns of an event that are read for one field only."""


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


@columns(
    "row",
    *("id", "action", "via", "session_hint", "permission_used", "outcome"),
    *("request_id", "created_at", "hash"),
)
@node(READING)
class AuditEvent(Node):
    """Who did it (`actor`), to which account (`account`), through what (`via`, `sessionHint`)."""

    id: strawberry.ID
    sequence: int | None = attribute(
        description="Position in the account's chain; null without an account, for that chain is everybody's."
    )
    action: AuditAction
    row: strawberry.Private[Row]
    viewer: strawberry.Private[Viewer]
    met: strawberry.Private["Met | None"]
    account: Annotated["Account", strawberry.lazy("resolvers.accounts")] | None
    via: Channel
    session_hint: str | None = attribute(description="Same value, same session; no id.")
    permission_used: Permission | None
    outcome: AuditOutcome
    request_id: str
    created_at: datetime
    hash: str = attribute(description="SHA-256 over the previous hash and this event.")

    @told
    def summary(self) -> str:
        """What was done, in words."""
        row = self.row
        return summaries.of(row["action"], row["actor_name"], orjson.loads(row["targets"]))

    @told
    def device(self) -> Device | None:
        """Null for staff actors, unless the reader is staff; so are `ip` and `userAgent`."""
        agent = self._unless_private("user_agent")
        return Device.of(agent) if agent else None

    @told
    def ip(self) -> IPAddress | None:
        """From where it was done."""
        ip = self._unless_private("ip")
        return IPAddress(ip) if ip else None

    @told
    def user_agent(self) -> str | None:
        """What the browser said of itself."""
        return self._unless_private("user_agent")

    @told
    def targets(self) -> list[AuditTarget]:
        """What was acted upon."""
        return [
            AuditTarget(target_id=each["id"], type=each["type"], label=each["label"])
            for each in orjson.loads(self.row["targets"])
        ]

    @told
    def changes(self) -> list[AuditChange]:
        """What was changed."""
        return [AuditChange(**each) for each in orjson.loads(self.row["changes"])]

    def _unless_private(self, column: str) -> str | None:
        is_staff = self.row["actor_kind"] is ActorKind.OPERATOR
        value: str | None = self.row[column]
        return None if is_staff and self.viewer.operator is None else value

    def _actor(self) -> Actor:
        if self.met is None:
            raise LookupError
        return self.met.actor_of(self.row)

    @foreknown(_actor)
    @fetched(optional=True)
    async def actor(self, info: Info) -> Actor:
        """Who did it; by the name they had, if they are no more."""
        met = Met(info.context)
        await met.read([self.row])
        return met.actor_of(self.row)

    @fetched(optional=True)
    async def actor_badge(self, info: Info) -> RelationshipBadge | None:
        """What the actor was to the account at that moment."""
        if self.row["relationship"] is None:
            return None
        user_id = self.row["actor_id"] if self.row["actor_kind"] is ActorKind.USER else None
        return await badge_of(info.context, self.account, user_id, self.row["relationship"])

    @classmethod
    def of(
        cls, row: Row, viewer: Viewer, account: "Account | None", met: "Met | None" = None
    ) -> Self:
        """Show an event of an account, or of none; `met` knows who acted, if that was read along."""
        shown = object.__new__(cls)
        shown.row, shown.viewer, shown.account, shown.met = row, viewer, account, met
        shown.sequence = row["sequence"] if row["account_id"] else None
        return shown


class Met:
    """Those who acted in the events of a page, read together before it is shown."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.actors: dict[str, Actor | None] = {}

    async def read(self, rows: Sequence[Row]) -> None:
        """Read whoever acted in some events."""
        wanted = {row["actor_id"]: FIND[row["actor_kind"]] for row in rows if _is_known(row)}
        found = await asyncio.gather(*(find(self.context, id) for id, find in wanted.items()))
        self.actors.update(zip(wanted, found, strict=True))

    def actor_of(self, row: Row) -> Actor:
        """Show who acted in an event; whoever is no more keeps the name."""
        if row["actor_kind"] is ActorKind.SYSTEM:
            return SYSTEM
        known = self.actors[row["actor_id"]] if _is_known(row) else None
        return known or Guest.of(row["id"], row["actor_name"])


FIND: Final[Mapping[ActorKind, Callable[[Context, str], Awaitable[Actor | None]]]] = {
    ActorKind.USER: user_of,
    ActorKind.OPERATOR: operator_of,
}


def _is_known(row: Row) -> bool:
    return row["actor_kind"] in FIND and row["actor_id"] is not None
