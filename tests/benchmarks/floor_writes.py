"""The floor's reply to a ticket: a lock, who is told, and everything that is written in one statement."""

from hashlib import sha256
from typing import Final
from uuid import UUID

import orjson
from uuid_utils.compat import uuid7

from app.domain import audit
from app.kit import clock, letters
from tests.benchmarks import floor_sql as sql
from tests.benchmarks.floor_reads import LABELS, TICKETS, Asked, Column, Connection, Viewer
from tests.benchmarks.keys import read, shown, shown_often

SITE: Final = "http://127.0.0.1:8000"
KINDS: Final = {True: "OWNER", False: "AUTHORIZED_USER"}
NOTICE: Final = orjson.dumps


async def reply(c: Connection, viewer: Viewer, asked: Asked) -> object:
    """Write a message, the ticket's status, the sealed event, the mail and the notice."""
    given = asked["input"]
    body, ticket = given["body"], read("tkt", given["ticketId"])
    async with c.transaction():
        row = await c.fetchrow(sql.LOCK, viewer[0], ticket)
        if row is None or row[1] or not (row[8] or row[9] & TICKETS):
            return {"replyToTicket": None}
        told = await c.fetch(sql.TOLD, ticket, row[0], viewer[0])
        await c.execute(sql.WRITE, *_written(row, ticket, body, viewer), *_mail(row, given, told))
    badge = KINDS[row[8]]
    return {
        "replyToTicket": {
            "message": {
                "body": body,
                "via": "WEB",
                "author": {"__typename": "User", "displayName": row[6]},
                "badge": {
                    "relationship": badge,
                    "label": LABELS[badge],
                    "verified": True,
                    "current": badge,
                },
            },
            "ticket": {"id": given["ticketId"], "status": "CUSTOMER_REPLY"},
            "errors": [],
        }
    }


def _written(row: Column, ticket: UUID, body: str, viewer: Viewer) -> list[object]:
    account, _, number, subject, status, user, name, email, owns, _, sequence, before = row
    message, now, badge = uuid7(), clock.now(), KINDS[owns]
    shown_ticket, actor = shown("tkt", ticket), shown_often("usr", user)
    hint = sha256(f"session hint {shown_often('ses', viewer[1])}".encode()).hexdigest()[:12]
    targets = [
        {"id": shown_ticket, "label": f"{number} {subject}", "type": "Ticket"},
        {"id": shown("msg", message), "label": number, "type": "TicketMessage"},
    ]
    changed = status != "CUSTOMER_REPLY"
    change = {"after": "CUSTOMER_REPLY", "before": status, "field": "status"}
    changes = [change] if changed else []
    request = str(uuid7())
    event = {
        "previous": before,
        "sequence": sequence + 1,
        "action": "TICKET_REPLIED",
        "actor": {"kind": "USER", "id": actor, "name": name},
        "actorBadge": badge,
        "account": shown_often("acc", account),
        "ticket": shown_ticket,
        "sessionHint": hint,
        "via": "WEB",
        "permissionUsed": "TICKETS",
        "targets": targets,
        "changes": changes,
        "outcome": "SUCCEEDED",
        "requestId": request,
        "createdAt": audit.moment(now),
    }
    sealed = sha256(orjson.dumps(event, option=orjson.OPT_SORT_KEYS)).hexdigest()
    kept = (orjson.dumps(targets).decode(), orjson.dumps(changes).decode())
    said = (message, ticket, account, user, name, email, badge, body, "127.0.0.1", now)
    notice = orjson.dumps([shown_often("acc", account)]).decode()
    return [*said, uuid7(), sequence + 1, actor, hint, *kept, request, sealed, notice]


def _mail(row: Column, given: Asked, told: list[Column]) -> list[object]:
    keys = [uuid7() for _ in told]
    written = [
        letters.render("ticket_reply", each[2], _facts(row, given, each[3])) for each in told
    ]
    return [
        f"<{given['ticketId']}@127.0.0.1>",
        keys,
        [each[1] for each in told],
        [letter.subject for letter in written],
        [letter.text for letter in written],
        [letter.html for letter in written],
        [f"<{shown('eml', key)}@127.0.0.1>" for key in keys],
    ]


def _facts(row: Column, given: Asked, name: str) -> dict[str, object]:
    return {
        "name": name,
        "number": row[2],
        "subject": row[3],
        "author": row[6],
        "badge": KINDS[row[8]],
        "body": given["body"],
        "link": f"{SITE}/tickets/{given['ticketId']}",
    }
