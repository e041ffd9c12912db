"""The floor's answer to who did what."""

from typing import Final

import orjson

from app.domain import summaries
from models import AuditAction, Permission
from tests.benchmarks import floor_sql as sql
from tests.benchmarks.floor_reads import Asked, Column, Connection, Viewer, moment, permissions
from tests.benchmarks.keys import read, shown, shown_often

PAGE: Final = 50


async def log(c: Connection, viewer: Viewer, asked: Asked) -> object:
    """A page of an account's log; two statements, for actors are stored as they are shown."""
    account = read("acc", asked["account"])
    owns, mask, status = await c.fetchrow(sql.STANDING, viewer[0], account) or (False, 0, "CLOSED")
    held = permissions(mask, owns=owns, living=True, status=status)
    if Permission.VIEW_AUDIT_LOG not in held:
        return {"account": None}
    rows = await c.fetch(sql.LOG, account)
    actors = {row[9] for row in rows if row[9]}
    faces = await c.fetch(sql.FACES, [read("usr", actor) for actor in actors])
    names = {shown_often("usr", key): name for key, name in faces}
    nodes = [_event(names, *row) for row in rows[:PAGE]]
    events = {"nodes": nodes, "pageInfo": {"hasNextPage": len(rows) > PAGE}}
    return {"account": {"id": asked["account"], "auditEvents": events}}


def _event(names: dict[str, str], key: Column, sequence: int, action: str, *rest: Column) -> object:
    who, via, outcome, at, sealed, stored, actor = rest
    targets = orjson.loads(stored)
    return {
        "id": shown("evt", key),
        "sequence": sequence,
        "action": action,
        "summary": summaries.of(AuditAction(action), who, targets),
        "via": via,
        "outcome": outcome,
        "createdAt": moment(at),
        "hash": sealed,
        "targets": [
            {"targetId": each["id"], "type": each["type"], "label": each["label"]}
            for each in targets
        ],
        "actor": {"__typename": "User", "displayName": names[actor]},
    }
