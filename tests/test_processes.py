"""Several processes, and one that dies: nothing that was answered is lost, and everybody hears everything."""

import asyncio
import json
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_connection, socket
from typing import Any

import httpx2
import pytest

from app.domain import audit
from app.kit.settings import Settings
from app.main import Application
from models import AuditEvent, Membership, TicketMessage
from tests.commands.terminal import Terminal
from tests.sockets import streaming
from tests.stage import ACCEPT, INVITE, LOGIN, PASSWORD, REPLY, Person, link_in
from tests.test_live import FOLLOW
from tests.test_tickets import opened_by


@pytest.fixture
def terminal(settings: Settings, tmp_path: Path) -> Terminal:
    """A shell whose servers share the test's database."""
    return Terminal(
        tmp_path,
        KEYFOB_DATABASE_URL=settings.database_url,
        KEYFOB_SECRET_KEY=settings.secret_keys[0],
        KEYFOB_BCRYPT_COST="4",
        KEYFOB_DATA_DIR=str(tmp_path),
    )


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def server(terminal: Terminal, port: int) -> Iterator[subprocess.Popen[str]]:
    """Run a server in a process of its own, once it answers."""
    with terminal.running("serve", "--port", str(port)) as process:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield process


@dataclass
class Caller:
    """Somebody who asks a server in another process."""

    port: int
    token: str | None
    answered: list[str] = field(default_factory=list)

    async def does(self, mutation: str, **input: object) -> dict[str, Any]:
        """Send a mutation."""
        headers = {"authorization": f"Bearer {self.token}"} if self.token else {}
        where = f"http://127.0.0.1:{self.port}"
        async with httpx2.AsyncClient(base_url=where, verify=False) as client:  # no TLS
            body = {"query": mutation, "variables": {"input": input}}
            answer = (await client.post("/graphql", json=body, headers=headers)).json()
        (payload,) = answer["data"].values()
        return payload  # type: ignore[no-any-return]

    async def replies_until_it_dies(self, ticket: str) -> None:
        """Go on replying, and remember what was answered."""
        try:
            for _ in range(1000):
                payload = await self.does(REPLY, ticketId=ticket, body="reply")
                self.answered.append(payload["message"]["id"])
        except (httpx2.HTTPError, json.JSONDecodeError):
            return


async def test_a_killed_server_has_lost_nothing_that_it_answered(
    app: Application, ann: Person, bob: Person, acme: str, terminal: Terminal
) -> None:
    ticket, port = await opened_by(bob), free_port()
    tokens = []
    for i in range(3):
        await ann.does(INVITE, email=f"new{i}@x.example", permissions=["TICKETS"])
        tokens.append(await link_in(f"new{i}@x.example", "invite"))
    callers = [Caller(port, person.token) for person in (ann, bob, ann, bob)]
    joined: list[str] = []

    async def accept(i: int, token: str) -> None:
        names = {"firstName": "New", "lastName": str(i)}
        registration = {"email": f"new{i}@x.example", "password": PASSWORD, **names}
        try:
            payload = await Caller(port, None).does(
                ACCEPT, token=token, **{"as": {"register": registration}}
            )
        except (httpx2.HTTPError, json.JSONDecodeError):
            return
        joined.append(payload["membership"]["id"])

    with server(terminal, port) as process:
        work = [asyncio.create_task(caller.replies_until_it_dies(ticket)) for caller in callers]
        work += [asyncio.create_task(accept(i, token)) for i, token in enumerate(tokens)]
        async with asyncio.timeout(20):
            while sum(len(caller.answered) for caller in callers) < 30:
                await asyncio.sleep(0.01)
        process.kill()
        await asyncio.gather(*work)

    answered = [id for caller in callers for id in caller.answered]
    assert len(answered) >= 30
    with server(terminal, port):
        again = await Caller(port, bob.token).does(REPLY, ticketId=ticket, body="after")
    assert again["errors"] == []
    kept = {message.id for message in await TicketMessage.filter(ticket_id=ticket)}
    assert set(answered) <= kept
    assert await Membership.filter(id__in=joined).count() == len(joined)
    # Each message that was kept has its event, and the chain is whole: nothing is half done.
    assert await AuditEvent.filter(ticket_id=ticket).count() == len(kept)
    assert await audit.first_broken(acme) is None


async def test_a_stream_hears_what_another_process_wrote(
    app: Application, settings: Settings, ann: Person, bob: Person, terminal: Terminal
) -> None:
    if settings.is_sqlite:
        pytest.skip("On SQLite there is one server process, and no other to hear.")
    ticket, port = await opened_by(bob), free_port()
    with server(terminal, port):
        async with streaming(
            f"127.0.0.1:{port}", ann.token, FOLLOW, id=ticket, after=None
        ) as stream:
            await asyncio.sleep(0.5)
            await bob.does(REPLY, ticketId=ticket, body="From elsewhere")
            async with asyncio.timeout(2):
                assert (await stream.event())["message"]["body"] == "From elsewhere"


async def test_two_servers_write_one_chain(
    app: Application, ann: Person, bob: Person, acme: str, terminal: Terminal
) -> None:
    ticket, port = await opened_by(bob), free_port()
    with server(terminal, port) as process:
        there = Caller(port, bob.token)
        for _ in range(5):
            here, other = await asyncio.gather(
                ann.does(REPLY, ticketId=ticket, body="here"),
                there.does(REPLY, ticketId=ticket, body="there"),
            )
            assert (here["errors"], other["errors"]) == ([], [])
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0

    assert await TicketMessage.filter(ticket_id=ticket).count() == 11
    assert await audit.first_broken(acme) is None


async def test_two_servers_count_guesses_together(
    app: Application, ann: Person, terminal: Terminal
) -> None:
    port, wrong = free_port(), {"email": ann.email, "password": "wrong password"}
    with server(terminal, port) as process:
        there, heard = Caller(port, None), []
        for _ in range(4):
            for guess in (Person(app).does(LOGIN, **wrong), there.does(LOGIN, **wrong)):
                heard += [error["code"] for error in (await guess)["errors"]]
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0

    assert heard == ["INVALID_CREDENTIALS"] * 5 + ["RATE_LIMITED"] * 3
    assert await AuditEvent.filter(action="USER_LOGIN_FAILED").count() == 5
