"""The clients that people use, each against a running server."""

import pytest

from app.main import Application
from models import TicketMessage
from tests.clients import npm
from tests.clients.interruptions import cut, restart, say
from tests.clients.scripts import played
from tests.clients.wire import Wire
from tests.stage import Person
from tests.test_live import has_begun

ANSWERS: dict[str, object] = {
    "signedIn": "bob@x.example",
    "tickets": ["Help"],
    "totalCount": 2,
    "hasNextPage": True,
    "refused": [["INVALID_INPUT", "body"]],
    "denied": "ACCOUNT_REQUIRED",
    "malformed": "BAD_REQUEST",
}
HEARD = ["One", "Two", "Three", "Four", "Five", "Six"]
MORE: dict[str, dict[str, object]] = {
    "apollo.mjs": {},
    "graphql_sse.mjs": {},
    "graphql_ws.mjs": {},
    "relay.mjs": {"kept": "Help"},
    "urql.mjs": {},
    "urql_sse.mjs": {},
}
COOKIE = {"key": "keyfob", "httpOnly": True, "sameSite": "lax", "secure": False}


@pytest.mark.parametrize("script", MORE)
async def test_a_client_asks_and_writes_and_misses_nothing_of_what_it_follows(
    script: str,
    node: str,
    app: Application,
    line: Wire,
    ann: Person,
    acme: str,
    told: dict[str, str],
) -> None:
    ticket = told["KEYFOB_TICKET"]
    async with played(node, script, told) as playing:
        await has_begun(app, acme)
        await say(ann, ticket, "One")
        assert await playing.says() == "1"
        async with cut(app, line, acme):
            await say(ann, ticket, "Two", "Three")
        assert await playing.says() == "3"
        async with restart(app, line, acme):
            await say(ann, ticket, "Four", "Five")
        answers = await playing.tells()

    assert answers == ANSWERS | {"heard": HEARD} | MORE[script]
    assert await said_in(ticket) == ["x", *HEARD]


async def test_a_client_that_follows_nothing_asks_and_writes(
    node: str, told: dict[str, str]
) -> None:
    async with played(node, "graphql_request.mjs", told) as playing:
        assert await playing.tells() == ANSWERS | {"replied": "Hello"}

    assert await said_in(told["KEYFOB_TICKET"]) == ["x", "Hello"]


async def test_a_cookie_does_what_a_token_does_and_nothing_for_another_origin(
    node: str, told: dict[str, str]
) -> None:
    async with played(node, "cookies.mjs", told) as playing:
        answers = await playing.tells()

    foreign = {"abroad": "ORIGIN_NOT_ALLOWED"}
    carried = {"token": None, "cookie": COOKIE}
    assert answers == ANSWERS | {"replied": "Hello"} | foreign | carried
    assert await said_in(told["KEYFOB_TICKET"]) == ["x", "Hello"]


async def test_every_script_is_well_written(node: str) -> None:
    scripts = sorted(path.name for path in npm.FOLDER.glob("*.mjs"))

    assert set(scripts) > set(MORE)
    assert {await npm.run(node, "--check", script) for script in scripts} == {""}


def test_the_lock_file_names_no_registry() -> None:
    assert '"resolved"' not in (npm.FOLDER / "package-lock.json").read_text()


async def said_in(ticket: str) -> list[str]:
    """Tell what was said in a ticket, in its order."""
    messages = await TicketMessage.filter(ticket_id=ticket).order_by("created_at", "id")
    return [message.body for message in messages]
