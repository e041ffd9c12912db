"""People who open a link from a mail in a browser, and what the page tells them."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape

import httpx2
from tortoise import connections

from app.main import Application
from tests.stage import INVITE, PASSWORD, Person, link_in

HERE = "http://127.0.0.1"
TABLES = (
    "accounts",
    "audit_events",
    "devices",
    "emails",
    "invites",
    "links",
    "memberships",
    "passkeys",
    "recovery_codes",
    "sessions",
    "throttles",
    "users",
)

BOB = {"email": "bob@x.example", "password": PASSWORD, "firstName": "Bob", "lastName": "Example"}
LOGIN = {"act": "login", "email": BOB["email"], "password": PASSWORD}


@asynccontextmanager
async def browser(
    app: Application, secret: str | None = None, at: str = HERE
) -> AsyncIterator[httpx2.AsyncClient]:
    """Open a browser, which posts from the pages that it was shown, perhaps with somebody signed in."""
    transport = httpx2.ASGITransport(app=app)
    headers = {"origin": "null", "sec-fetch-site": "same-origin"}
    cookies = {"keyfob": secret} if secret else {}
    async with httpx2.AsyncClient(
        transport=transport, base_url=at, headers=headers, cookies=cookies, follow_redirects=True
    ) as client:
        yield client


def heading(page: httpx2.Response) -> str:
    """Return what a page says first."""
    found = re.search(r"<h1>(.*?)</h1>", page.text)
    assert found is not None, page.text
    return plain(found[1])


def alert(page: httpx2.Response) -> str | None:
    """Return what a page says went wrong, if anything did."""
    found = re.search(r'role="alert".*?<p>(.*?)</p>', page.text, re.DOTALL)
    return found and plain(found[1])


def errors(page: httpx2.Response) -> dict[str, str]:
    """Return what is said beside fields, by their ids; each field must refer to it."""
    found = re.findall(r'<p class="error" id="(\S+)-error">.*?</span>(.*?)</p>', page.text)
    for field, _ in found:
        input = re.search(rf'<input id="{field}"[^>]*>', page.text)
        assert input is not None
        assert f"{field}-error" in input[0]
        assert 'aria-invalid="true"' in input[0]
    return {field: plain(said) for field, said in found}


def forms(page: httpx2.Response) -> list[str]:
    """Return what can be sent from a page."""
    return re.findall(r'name="act" value="(\w+)"', page.text)


def plain(html: str) -> str:
    """Return the text of a piece of HTML."""
    return unescape(re.sub(r"<[^>]+>", "", html)).strip()


async def everything() -> dict[str, object]:
    """Read all that is kept, to see whether something has changed."""
    connection = connections.get("default")
    return {
        table: await connection.execute_query_dict(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608
        for table in TABLES
    }


async def invited(inviter: Person, email: str = BOB["email"], **more: object) -> str:
    """Invite somebody, and return the path that the mail leads to."""
    payload = await inviter.does(INVITE, email=email, **{"permissions": ["TICKETS"]} | more)
    assert payload["errors"] == []
    return f"/invite/{await link_in(email, 'invite')}"
