"""What attackers do to begin with."""

import base64

import httpx2
import orjson

from app.main import Application
from tests.stage import DEPARTMENTS, OPEN_TICKET, Person


async def opened(person: Person, **other: object) -> str:
    """Open a ticket."""
    (general,) = (await person.asks(DEPARTMENTS))["departments"]
    input = {"subject": "x", "body": "y", "departmentId": general["id"], **other}
    return (await person.does(OPEN_TICKET, **input))["ticket"]["id"]  # type: ignore[no-any-return]


def forged(*parts: object) -> str:
    """Write a cursor by hand."""
    return base64.urlsafe_b64encode(orjson.dumps(parts)).decode().rstrip("=")


async def code_of(person: Person, query: str, **variables: object) -> str:
    """Ask what must be refused, and return the code."""
    (error,) = (await person.tries(query, **variables))["errors"]
    return error["extensions"]["code"]  # type: ignore[no-any-return]


async def posted(
    app: Application, query: str, input: dict[str, object], headers: dict[str, bytes]
) -> httpx2.Response:
    """Send a mutation with any headers."""
    body = {"query": query, "variables": {"input": input}}
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        sent = [(name.encode(), value) for name, value in headers.items()]
        return await client.post("/graphql", json=body, headers=sent)
