"""SIGTERM: what was begun is finished, nothing else is begun, and it is over within ten seconds."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus

from app.kit import clock
from app.kit.settings import Settings
from app.main import Application
from models import Email, MailDelivery, TicketMessage
from models.key import read
from tests.edge import processes
from tests.edge.mail import Gate, gate
from tests.edge.queues import queue
from tests.stage import REPLY, Person
from tests.test_live import FOLLOW
from tests.test_tickets import opened_by
from tests.web.talking import ask, closing, greet, opened

EVENTS = {"accept": "text/event-stream"}
COMPLETE = "event: complete\ndata:\n\n"
LIMIT = 10.0  # seconds


@pytest.fixture
async def post_office() -> AsyncIterator[Gate]:
    """A mail server that holds what it is given."""
    async with gate() as started:
        yield started


@dataclass
class Ann:
    """Somebody at a server in another process."""

    client: httpx2.AsyncClient
    port: int
    token: str

    async def reply(self, ticket: str, body: str) -> httpx2.Response:
        """Send a mutation."""
        variables = {"input": {"ticketId": ticket, "body": body}}
        return await self.client.post("/graphql", json={"query": REPLY, "variables": variables})

    async def stream(self, ticket: str, crowd: AsyncExitStack) -> AsyncIterator[str]:
        """Follow a ticket by server-sent events."""
        body = {"query": FOLLOW, "variables": {"id": ticket}}
        request = self.client.stream("POST", "/graphql", json=body, headers=EVENTS)
        return (await crowd.enter_async_context(request)).aiter_text()

    async def socket(self, ticket: str, crowd: AsyncExitStack) -> ClientConnection:
        """Follow a ticket by a WebSocket."""
        socket = await crowd.enter_async_context(opened(f"127.0.0.1:{self.port}"))
        await greet(socket, authorization=f"Bearer {self.token}")
        await ask(socket, FOLLOW, variables={"id": ticket})
        return socket

    async def health(self, name: str) -> int:
        """Ask how the server is."""
        return (await self.client.get(f"/health/{name}")).status_code


async def at(port: int, person: Person, crowd: AsyncExitStack) -> Ann:
    """Open a browser with room for many tabs."""
    assert person.token is not None
    client = httpx2.AsyncClient(
        base_url=f"http://127.0.0.1:{port}",
        headers={"authorization": f"Bearer {person.token}"},
        limits=httpx2.Limits(max_connections=None),
        verify=False,  # there is no TLS
        timeout=15,
    )
    return Ann(await crowd.enter_async_context(client), port, person.token)


async def rest_of(stream: AsyncIterator[str]) -> str:
    """Read a stream to its end."""
    async with asyncio.timeout(5):
        return "".join([part async for part in stream])


async def test_a_server_finishes_what_was_begun_and_begins_nothing_else(
    app: Application, ann: Person, acme: str, settings: Settings, tmp_path: Path, post_office: Gate
) -> None:
    ticket, port = await opened_by(ann), processes.free_port()
    await Email.all().delete()
    await queue(app, "bob@x.example")
    shell = processes.terminal(settings, tmp_path, KEYFOB_SMTP_URL=post_office.url)
    async with AsyncExitStack() as crowd:
        serving = processes.running(shell, "serve", "--port", str(port))
        server = await crowd.enter_async_context(serving)
        there = await at(port, ann, crowd)
        sockets = [await there.socket(ticket, crowd) for _ in range(50)]
        streams = [await there.stream(ticket, crowd) for _ in range(50)]
        await post_office.has_begun.wait()
        lock = AsyncExitStack()
        await lock.enter_async_context(processes.locked(settings, str(read("acc", acme))))
        mutation = asyncio.create_task(there.reply(ticket, "Slow"))
        await asyncio.sleep(0.3)  # it waits for the lock now

        server.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        while await there.health("ready") != 503:
            assert time.monotonic() - begun < 1
        refused = await there.reply(ticket, "Late")
        live = await there.health("live")
        with pytest.raises(InvalidStatus, match="HTTP 503"):
            await crowd.enter_async_context(opened(f"127.0.0.1:{port}"))
        closed = {await closing(socket) for socket in sockets}
        told = {await rest_of(stream) for stream in streams}
        at_once = time.monotonic() - begun
        assert not mutation.done()
        await lock.aclose()
        answer = await mutation
        post_office.is_open.set()
        code, seconds, complaints = await processes.ended(server, begun)

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert refused.json()["errors"][0]["extensions"] == {"code": "UNAVAILABLE"}
    assert live == 200
    assert closed == {(1001, "Going away")}
    assert told == {COMPLETE}
    assert at_once < 3
    assert answer.json()["data"]["replyToTicket"]["errors"] == []
    bodies = [each.body async for each in TicketMessage.filter(ticket_id=ticket)]
    assert sorted(bodies)[1:] == ["Slow"]
    assert [mail["To"] for mail in post_office.mails] == ["bob@x.example"]
    assert (await Email.get(recipient="bob@x.example")).delivery == MailDelivery.SENT
    assert (code, complaints) == (0, "")
    assert seconds < LIMIT


async def test_a_worker_sends_what_is_on_its_way_and_takes_nothing_more(
    app: Application, settings: Settings, tmp_path: Path, post_office: Gate
) -> None:
    shell = processes.terminal(settings, tmp_path, KEYFOB_SMTP_URL=post_office.url)
    await Email.all().delete()
    await queue(app, "bob@x.example")
    async with processes.running(shell, "worker") as worker:
        await post_office.has_begun.wait()
        worker.send_signal(signal.SIGTERM)
        begun = time.monotonic()
        await queue(app, "late@x.example")
        post_office.is_open.set()
        code, seconds, complaints = await processes.ended(worker, begun)

    assert [mail["To"] for mail in post_office.mails] == ["bob@x.example"]
    fates = {mail.recipient: mail.delivery for mail in await Email.all()}
    assert fates == {"bob@x.example": MailDelivery.SENT, "late@x.example": MailDelivery.QUEUED}
    assert (code, complaints) == (0, "")
    assert seconds < LIMIT


@pytest.mark.slow
async def test_what_cannot_be_finished_is_taken_back(
    app: Application, ann: Person, acme: str, settings: Settings, tmp_path: Path, post_office: Gate
) -> None:
    ticket, port = await opened_by(ann), processes.free_port()
    await Email.all().delete()
    await queue(app, *(f"p{number}@x.example" for number in range(10)))
    shell = processes.terminal(settings, tmp_path, KEYFOB_SMTP_URL=post_office.url)
    async with AsyncExitStack() as crowd:
        serving = processes.running(shell, "serve", "--port", str(port))
        server = await crowd.enter_async_context(serving)
        worker = await crowd.enter_async_context(processes.running(shell, "worker"))
        there = await at(port, ann, crowd)
        await post_office.has_begun.wait()
        async with processes.locked(settings, str(read("acc", acme))):
            mutation = asyncio.create_task(there.reply(ticket, "Never"))
            await asyncio.sleep(0.3)

            begun = time.monotonic()
            for process in (server, worker):
                process.send_signal(signal.SIGTERM)
            answer = await mutation
        ends = [await processes.ended(process, begun) for process in (server, worker)]

    assert answer.status_code == 503
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert [code for code, _, _ in ends] == [0, 0]
    assert "Traceback" not in "".join(complaints for _, _, complaints in ends)
    assert max(seconds for _, seconds, _ in ends) < LIMIT
    assert await TicketMessage.filter(ticket_id=ticket, body="Never").count() == 0
    assert post_office.taken == []
    mails = await Email.all()
    assert {mail.delivery for mail in mails} == {MailDelivery.QUEUED}
    assert max(mail.next_attempt_at for mail in mails) <= clock.now()
