"""A server at the end of a wire, a customer of it, and node."""

from collections.abc import AsyncIterator

import pytest

from app.main import Application
from tests.clients import npm, wire
from tests.clients.wire import Wire
from tests.sockets import served
from tests.stage import DEPARTMENTS, OPEN_TICKET, PASSWORD, Person, account_of


@pytest.fixture(scope="session")
async def node() -> str:
    """Where node is, with everything that the scripts need; skipped where it is not."""
    try:
        return await npm.prepare()
    except npm.Absent as why:
        pytest.skip(str(why))


@pytest.fixture
async def line(app: Application) -> AsyncIterator[Wire]:
    """A wire to the application."""
    async with served(app) as where, wire.laid(where) as laid:
        yield laid


@pytest.fixture
async def tickets(bob: Person) -> list[str]:
    """Two tickets of Acme; Bob has an account of his own as well, and so must say which he means."""
    (general,) = (await bob.asks(DEPARTMENTS))["departments"]
    opened = []
    for subject in ("Help", "Thanks"):
        payload = await bob.does(OPEN_TICKET, subject=subject, body="x", departmentId=general["id"])
        opened.append(payload["ticket"]["id"])
    await account_of(bob, "Bobs")
    return opened


@pytest.fixture
def told(line: Wire, bob: Person, acme: str, tickets: list[str]) -> dict[str, str]:
    """What a script has to know."""
    return {
        "KEYFOB_URL": f"http://{line.where}/graphql",
        "KEYFOB_EMAIL": bob.email,
        "KEYFOB_PASSWORD": PASSWORD,
        "KEYFOB_ACCOUNT": acme,
        "KEYFOB_TICKET": tickets[0],
    }
