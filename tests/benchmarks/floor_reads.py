"""The floor's answers to questions: rows to dictionaries, by hand."""

import base64
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, TypeAlias

import asyncpg
import orjson

from app.kit import names
from models import Permission, Relationship
from models.permission import effective, in_order, unmask
from tests.benchmarks import floor_sql as sql
from tests.benchmarks.keys import read, shown, shown_often

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
Viewer: TypeAlias = "asyncpg.Record"
Asked: TypeAlias = Mapping[str, Any]
Column: TypeAlias = Any  # a value of a row
TICKETS: Final = 1 << list(Permission).index(Permission.TICKETS)
LABELS: Final = {
    "OWNER": "Owner",
    "AUTHORIZED_USER": "Authorized user",
    "REGISTERED_USER": "Registered user",
    "OPERATOR": "Operator",
}
PRIORITIES: Final = {1: "LOW", 2: "MEDIUM", 3: "HIGH"}


def moment(at: datetime) -> str:
    """Print an instant."""
    return f"{at.isoformat(timespec='milliseconds')[:23]}Z"


def cursor(label: str, at: datetime, id: str) -> str:
    """Mark the last row of a page."""
    return base64.urlsafe_b64encode(orjson.dumps([label, at, id])).decode().rstrip("=")


@lru_cache(maxsize=4096)
def permissions(mask: int, *, owns: bool, living: bool, status: str) -> tuple[str, ...]:
    """List what somebody may do in an account."""
    if not living or status == "CLOSED":
        return ()
    held = frozenset(Permission) if owns else effective(unmask(mask))
    return tuple(in_order(held & {Permission.TICKETS} if status == "SUSPENDED" else held))


def badge_now(frozen: str, *, living: bool | None, owns: bool | None) -> str:
    """Say what an author is today."""
    if frozen not in {"OWNER", "AUTHORIZED_USER", "REGISTERED_USER"}:
        return frozen
    if not living:
        return Relationship.REGISTERED_USER
    return Relationship.OWNER if owns else Relationship.AUTHORIZED_USER


async def ticket_page(c: Connection, viewer: Viewer, asked: Asked) -> object:
    """One ticket, and fifty messages of it."""
    t = await c.fetchrow(sql.TICKET, viewer[0], read("tkt", asked["id"]))
    if t is None or not (t[9] or t[10] & TICKETS):
        return {"ticket": None}
    rows = await c.fetch(sql.PAGE, t[0])
    nodes = [_message(*row) for row in rows[:50]]
    end = cursor("messages created_at", rows[len(nodes) - 1][3], nodes[-1]["id"]) if nodes else None
    return {
        "ticket": {
            "id": shown("tkt", t[0]),
            "number": t[1],
            "subject": t[2],
            "status": t[3],
            "priority": PRIORITIES[t[4]],
            "isLocked": t[5],
            "createdAt": moment(t[6]),
            "account": {"id": shown_often("acc", t[7]), "name": t[8]},
            "messages": {
                "nodes": nodes,
                "pageInfo": {"hasNextPage": len(rows) > 50, "endCursor": end},
            },
        }
    }


def _message(
    key: Column, body: str, via: str, at: datetime, frozen: str, verified: Column, *rest: Column
) -> dict[str, Any]:
    user, name, operator, staff, living, owns = rest
    if user:
        author = {"__typename": "User", "id": shown_often("usr", user), "displayName": name}
    else:
        id = shown_often("opr", operator)
        author = {"__typename": "Operator", "id": id, "displayName": staff}
    return {
        "id": shown("msg", key),
        "body": body,
        "via": via,
        "createdAt": moment(at),
        "author": author,
        "badge": {
            "relationship": frozen,
            "label": LABELS[frozen],
            "verified": verified,
            "current": badge_now(frozen, living=living, owns=owns),
        },
    }


async def chooser(c: Connection, viewer: Viewer, _asked: Asked) -> object:
    """The viewer's accounts."""
    rows = await c.fetch(sql.CHOOSER, viewer[0])
    return {"accounts": {"nodes": [_account(*row) for row in rows[:20]]}}


def _account(
    key: Column, name: str, status: str, owner: Column, owner_name: str, *rest: Column
) -> object:
    member, owns, mask, living, opened = rest
    held = permissions(mask, owns=owns, living=living, status=status)
    return {
        "id": shown_often("acc", key),
        "name": name,
        "status": status,
        "openTicketCount": opened if Permission.TICKETS in held else None,
        "owner": {"id": shown_often("usr", owner), "displayName": owner_name},
        "viewerPermissions": held,
        "viewerMembership": {"id": shown_often("mem", member), "isOwner": owns},
    }


async def tickets(c: Connection, viewer: Viewer, asked: Asked) -> object:
    """A page of an account's tickets."""
    account = read("acc", asked["account"])
    owns, mask, _ = await c.fetchrow(sql.STANDING, viewer[0], account) or (False, 0, "")
    if not (owns or mask & TICKETS):
        return {"tickets": None}
    rows = await c.fetch(sql.TICKETS, account)
    nodes = [_ticket(*row) for row in rows[:20]]
    end = cursor("tickets updated_at desc", rows[len(nodes) - 1][5], nodes[-1]["id"])
    page = {"hasNextPage": len(rows) > 20, "endCursor": end}
    return {"tickets": {"nodes": nodes, "pageInfo": page}}


def _ticket(key: Column, number: str, subject: str, *rest: Column) -> dict[str, Any]:
    status, priority, at, name, frozen, living, owns = rest
    return {
        "id": shown("tkt", key),
        "number": number,
        "subject": subject,
        "status": status,
        "priority": PRIORITIES[priority],
        "updatedAt": moment(at),
        "opener": {"__typename": "User", "displayName": name},
        "openerBadge": {
            "relationship": frozen,
            "current": badge_now(frozen, living=living, owns=owns),
        },
    }


async def me(c: Connection, viewer: Viewer, _asked: Asked) -> object:
    """The viewer."""
    [(id, email, first, last, locale, operator)] = await c.fetch(sql.ME, viewer[0])
    key = shown_often("usr", id)
    name = f"{first} {last}".strip()
    user = {"id": key, "displayName": name, "initials": names.initials(name)}
    return {
        "me": {
            "id": f"vwr{key[3:]}",
            "email": email,
            "displayName": name,
            "locale": locale,
            "user": user,
            "operator": {"id": shown_often("opr", operator)} if operator else None,
            "session": {"id": shown_often("ses", viewer[1]), "isCurrent": True},
        }
    }
