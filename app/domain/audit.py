"""The log: one chain of events an account, each sealed with the hash of the one before."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TypeAlias

import orjson

from app.domain.viewers import Viewer
from app.kit.frozen import frozen
from models import (
    ActorKind,
    AuditAction,
    AuditEvent,
    AuditOutcome,
    Channel,
    Permission,
    Relationship,
)

Json: TypeAlias = str | int | bool | Sequence["Json"] | Mapping[str, "Json"] | None


@frozen
class Who:
    """Who acts, as the log names them."""

    kind: ActorKind
    id: str | None
    name: str
    relationship: Relationship | None = None
    session_hint: str | None = None
    via: Channel = Channel.WEB


SYSTEM = Who(ActorKind.SYSTEM, None, "Keyfob", via=Channel.SYSTEM)


@frozen
class Target:
    """What was acted upon, by id, type and the name it had."""

    id: str | None
    type: str
    label: str


@frozen
class Change:
    """What a field was and has become; never a secret."""

    field: str
    before: Json = None
    after: Json = None


@frozen
class Deed:
    """What was done, to what, and by which permission."""

    action: AuditAction
    targets: tuple[Target, ...] = ()
    changes: tuple[Change, ...] = ()
    used: Permission | None = None
    ticket_id: str | None = None
    outcome: AuditOutcome = AuditOutcome.SUCCEEDED


def person(viewer: Viewer, relationship: Relationship | None = None) -> Who:
    """Name a viewer who acts as themselves."""
    user = viewer.user
    hint = hint_of(viewer.session.id)
    return Who(ActorKind.USER, user.id, user.display_name, relationship, hint, viewer.call.via)


def staff(viewer: Viewer) -> Who:
    """Name a viewer who acts as support staff."""
    held = viewer.operator.id if viewer.operator else None
    hint = hint_of(viewer.session.id)
    return Who(ActorKind.OPERATOR, held, viewer.name, Relationship.OPERATOR, hint, Channel.OPERATOR)


def hint_of(session_id: str) -> str:
    """Shorten a session to a mark: the same mark, the same session; nothing leads back to it."""
    return sha256(f"session hint {session_id}".encode()).hexdigest()[:12]


def canonical(event: AuditEvent, previous: str) -> bytes:
    """Write what the hash covers: sorted keys, no blanks, UTC milliseconds; device, address and summary stay out."""
    return orjson.dumps(
        {
            "previous": previous,
            "sequence": event.sequence,
            "action": event.action,
            "actor": {"kind": event.actor_kind, "id": event.actor_id, "name": event.actor_name},
            "actorBadge": event.relationship,
            "account": event.account_id,
            "ticket": event.ticket_id,
            "sessionHint": event.session_hint,
            "via": event.via,
            "permissionUsed": event.permission_used,
            "targets": orjson.loads(event.targets),
            "changes": orjson.loads(event.changes),
            "outcome": event.outcome,
            "requestId": event.request_id,
            "createdAt": moment(event.created_at),
        },
        option=orjson.OPT_SORT_KEYS,
    )


def seal(event: AuditEvent, previous: str) -> str:
    """Compute the hash of an event that follows another."""
    return sha256(canonical(event, previous)).hexdigest()


def moment(at: datetime) -> str:
    """Write a time as `DateTime` prints it: `2026-11-25T09:30:00.000+00:00`."""
    return at.isoformat(timespec="milliseconds")


def stored(parts: Sequence[Target] | Sequence[Change]) -> str:
    """Write targets or changes as the text that is stored."""
    return orjson.dumps(parts, option=orjson.OPT_SORT_KEYS).decode()


async def first_broken(chain: str) -> int | None:
    """Recompute a chain; the sequence of the first event that does not fit, or None."""
    previous, expected = "0" * 64, 1
    async for event in AuditEvent.filter(chain=chain).order_by("sequence"):
        if event.sequence != expected or event.hash != seal(event, previous):
            return expected
        previous, expected = event.hash, expected + 1
    return None
