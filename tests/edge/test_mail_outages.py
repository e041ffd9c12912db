"""Mail while the database is away: the postman comes back to work, and sends nothing twice."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.domain import postman
from app.kit import secrets
from app.kit.settings import Settings
from app.main import Application, create_app
from models import Email, MailDelivery
from tests.conftest import KIND
from tests.edge.mail import Gate, gate
from tests.edge.own_postgres import OwnServer
from tests.edge.queues import queue

pytestmark = pytest.mark.skipif(KIND == "sqlite", reason="SQLite is a file, and does not go away.")


@pytest.fixture
async def post_office() -> AsyncIterator[Gate]:
    """A mail server that holds what it is given."""
    async with gate() as started:
        yield started


@pytest.fixture
async def app(
    own_server: OwnServer, post_office: Gate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Application]:
    """The application, sending its mail, on a database that goes away."""
    monkeypatch.setattr(postman, "PAUSE_SECONDS", 0.05)
    choices = {"data_dir": tmp_path, "secret_keys": (secrets.mint(),), "smtp_url": post_office.url}
    url = own_server.url(await own_server.create_database("template"))
    application = create_app(Settings.model_validate({"database_url": url, **choices}))
    async with application.router.lifespan_context(application):
        yield application
        post_office.is_open.set()


async def sent(address: str) -> Email:
    """Wait until a mail is noted as sent."""
    async with asyncio.timeout(5):
        while (mail := await Email.get(recipient=address)).delivery != MailDelivery.SENT:
            await asyncio.sleep(0.05)
    return mail


async def test_a_mail_that_was_sent_while_the_database_was_away_is_sent_once(
    app: Application, own_server: OwnServer, post_office: Gate
) -> None:
    await queue(app, "bob@x.example")
    await post_office.has_begun.wait()
    await own_server.stop()
    post_office.is_open.set()
    async with asyncio.timeout(5):
        while not post_office.taken:
            await asyncio.sleep(0.02)
    await asyncio.sleep(
        0.2
    )  # the postman has met the database's absence, sending and looking for more
    await own_server.start()

    mail = await sent("bob@x.example")
    await queue(app, "eve@x.example")
    await sent("eve@x.example")

    assert mail.attempts == 1
    assert [each["To"] for each in post_office.mails] == ["bob@x.example", "eve@x.example"]
