"""PostGraphile's own words for a page: it names what it shows after tables, so that facts are compared, not bytes."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias
from uuid import UUID

import asyncpg
import orjson

from tests.benchmarks import keys
from tests.benchmarks.floor_reads import LABELS, PRIORITIES, moment
from tests.benchmarks.questions import Asker

Answer: TypeAlias = Mapping[str, Any]
SETUP: Final = Path(__file__).parent / "node" / "postgraphile.sql"
DOCUMENT: Final = """query TicketPage($id: UUID!) { ticketByRowId(rowId: $id) {
  rowId number subject status priority isLocked createdAt accountByAccountId { rowId name }
  ticketMessagesByTicketId(first: 50, orderBy: [CREATED_AT_ASC, PRIMARY_KEY_ASC]) { nodes {
    rowId body via createdAt userByAuthorId { rowId displayName }
    operatorByOperatorId { rowId userByUserId { displayName } } relationship verified currentBadge }
    pageInfo { hasNextPage } } } }"""


async def set_up(url: str) -> None:
    """Give PostGraphile its role, its policies and its computed columns: the others, who own the tables, see none."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(SETUP.read_text())
    finally:
        await connection.close()


def body(asker: Asker, question: str) -> bytes:
    """Write what is sent."""
    assert question == "page"
    variables = {"id": str(keys.read("tkt", asker.read))}
    return orjson.dumps({"query": DOCUMENT, "variables": variables})


def agrees(right: bytes, got: bytes) -> bool:
    """Tell whether an answer says what the floor says, but for the cursor of its end."""
    expected = orjson.loads(right)["data"]["ticket"]
    found = orjson.loads(got)["data"]["ticketByRowId"]
    if expected is None or found is None:
        return expected is found
    del expected["messages"]["pageInfo"]["endCursor"]
    return bool(_ticket(found) == expected)


def _ticket(found: Answer) -> Answer:
    account, messages = found["accountByAccountId"], found["ticketMessagesByTicketId"]
    return {
        "id": _id("tkt", found),
        "number": found["number"],
        "subject": found["subject"],
        "status": found["status"],
        "priority": PRIORITIES[found["priority"]],
        "isLocked": found["isLocked"],
        "createdAt": _moment(found),
        "account": {"id": _id("acc", account), "name": account["name"]},
        "messages": {
            "nodes": [_message(each) for each in messages["nodes"]],
            "pageInfo": messages["pageInfo"],
        },
    }


def _message(found: Answer) -> Answer:
    return {
        "id": _id("msg", found),
        "body": found["body"],
        "via": found["via"],
        "createdAt": _moment(found),
        "author": _author(found["userByAuthorId"], found["operatorByOperatorId"]),
        "badge": {
            "relationship": found["relationship"],
            "label": LABELS[found["relationship"]],
            "verified": found["verified"],
            "current": found["currentBadge"],
        },
    }


def _author(user: Answer | None, operator: Answer | None) -> Answer:
    if user:
        name = user["displayName"]
        return {"__typename": "User", "id": _id("usr", user), "displayName": name}
    assert operator
    name = operator["userByUserId"]["displayName"]
    return {"__typename": "Operator", "id": _id("opr", operator), "displayName": name}


def _id(prefix: str, found: Answer) -> str:
    return keys.shown(prefix, UUID(found["rowId"]))


def _moment(found: Answer) -> str:
    return moment(datetime.fromisoformat(found["createdAt"]).astimezone(UTC))
