"""Mail on its way: a real mail server with moods, a worker with a queue."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from app.domain import emails
from app.domain.acts import act
from app.domain.calls import Call
from app.domain.emails import Mail
from app.domain.postman import BLANK, MOST_ATTEMPTS, Postman
from app.kit import clock
from app.kit.smtp import MailServer
from app.main import Application
from models import Email, MailDelivery
from tests.kit.mail_servers import DROPS, HANGS, Server, serving
from tests.stage import INVITE, Person, link_in

INVITES = """query ($id: ID!) { account(id: $id) { invites { nodes { email delivery deliveryError sentCount } } } }"""
MOODS = {
    "rejected@x.example": "550 No such user here",
    "later@x.example": "451 Try again later",
    "hangs@x.example": HANGS,
    "drops@x.example": DROPS,
}


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    """A mail server with moods."""
    async with serving(MOODS) as started:
        yield started


def postman(app: Application, server: Server, patience: float = 10.0) -> Postman:
    """A postman, who gives up after some seconds."""
    return Postman(app.site, MailServer(server.url, patience))


async def ended(working: "asyncio.Task[None]") -> None:
    """Cancel a postman, who must stop."""
    working.cancel()
    await asyncio.wait((working,), timeout=5)
    assert working.cancelled()


async def queue(app: Application, *addresses: str) -> None:
    """Write a mail to each address."""
    facts = {"name": "Bob", "link": "http://127.0.0.1/x", "hours": 24}
    async with act(Call(app.site, "test")) as under_way:
        for address in addresses:
            await emails.queue(
                under_way, Mail("verify_email", address, "en", facts, has_secret=True)
            )


async def test_an_invite_reaches_a_real_mail_server_and_its_secret_is_blanked(
    app: Application, ann: Person, acme: str, server: Server
) -> None:
    await ann.does(INVITE, email="bob@x.example", permissions=["TICKETS"])
    token = await link_in("bob@x.example", "invite")

    await postman(app, server).send_all()

    (mail,) = [each for each in server.mails if each["To"] == "bob@x.example"]
    assert "Acme" in mail["Subject"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert {part.get_content_type() for part in mail.walk()} >= {"text/plain", "text/html"}
    body = mail.get_body(("plain",))
    assert body is not None
    assert token in body.get_content()
    row = await Email.get(recipient="bob@x.example")
    assert (row.delivery, row.body_text, row.body_html) == (MailDelivery.SENT, BLANK, BLANK)
    nodes = (await ann.asks(INVITES, id=acme))["account"]["invites"]["nodes"]
    assert [(each["delivery"], each["deliveryError"]) for each in nodes] == [("SENT", None)]


async def test_bad_recipients_delay_nobody_and_each_meets_its_fate(
    app: Application, ann: Person, server: Server
) -> None:
    await Email.all().delete()
    good = [f"good{i}@x.example" for i in range(20)]
    await queue(app, *good[:10], *MOODS, *good[10:])
    worker = postman(app, server, patience=3)

    begun = asyncio.get_running_loop().time()
    working = asyncio.create_task(worker.work())
    async with asyncio.timeout(2.5):
        while await Email.filter(delivery=MailDelivery.SENT).count() < 20:
            await asyncio.sleep(0.02)
    assert asyncio.get_running_loop().time() - begun < 2.5
    await worker.finish()
    await ended(working)

    fates = {mail.recipient: mail for mail in await Email.filter(recipient__in=list(MOODS))}
    rejected, later = fates["rejected@x.example"], fates["later@x.example"]
    assert (rejected.delivery, rejected.attempts) == (MailDelivery.FAILED, 1)
    assert rejected.error is not None
    assert "No such user here" in rejected.error
    for mail in (later, fates["hangs@x.example"], fates["drops@x.example"]):
        assert (mail.delivery, mail.attempts) == (MailDelivery.QUEUED, 1)
        assert mail.next_attempt_at > clock.now()
    assert sorted(each["To"] for each in server.mails) == sorted(good)


@pytest.mark.parametrize("turns", range(5))
async def test_a_postman_who_is_cancelled_as_the_bell_rings_stops(
    app: Application, server: Server, turns: int
) -> None:
    working = asyncio.create_task(postman(app, server).work())
    await asyncio.sleep(0.1)  # there is nothing to send: the postman waits

    app.site.bell.set()
    for _ in range(turns):
        await asyncio.sleep(0)

    await ended(working)


async def test_a_deferred_mail_waits_longer_each_time_and_ends_failed(
    app: Application, ann: Person, server: Server
) -> None:
    await Email.all().delete()
    await queue(app, "later@x.example")
    delays: list[timedelta] = []
    for _ in range(MOST_ATTEMPTS - 1):
        await postman(app, server).send_all()
        delays.append((await Email.get()).next_attempt_at - clock.now())
        await Email.all().update(next_attempt_at=clock.now())
    await postman(app, server).send_all()

    assert delays == sorted(delays)
    assert delays[-1] > 20 * delays[0]
    mail = await Email.get()
    assert (mail.delivery, mail.attempts, mail.body_text) == (
        MailDelivery.FAILED,
        MOST_ATTEMPTS,
        BLANK,
    )


async def test_two_postmen_send_each_mail_once(
    app: Application, ann: Person, server: Server
) -> None:
    await Email.all().delete()
    await queue(app, *(f"p{i}@x.example" for i in range(30)))

    await asyncio.gather(postman(app, server).send_all(), postman(app, server).send_all())

    assert sorted(each["To"] for each in server.mails) == sorted(
        f"p{i}@x.example" for i in range(30)
    )


async def test_mail_that_was_lent_to_a_dead_postman_is_sent_after_the_lease(
    app: Application, ann: Person, server: Server
) -> None:
    await Email.all().delete()
    await queue(app, "bob@x.example")
    dead = postman(app, server)
    assert len(await dead._due(8)) == 1  # noqa: SLF001  # and then it dies

    await postman(app, server).send_all()
    assert server.mails == []
    await Email.all().update(next_attempt_at=clock.now())
    await postman(app, server).send_all()
    assert [each["To"] for each in server.mails] == ["bob@x.example"]


async def test_a_ticket_mail_is_threaded_and_whole(
    app: Application, ann: Person, bob: Person, sam: Person, server: Server
) -> None:
    await Email.all().delete()
    general = (await bob.asks("{ departments { id } }"))["departments"][0]["id"]
    body = "First\n.\nRCPT TO:<evil@x.example>\nDATA\nlast line"
    opening = "mutation ($input: OpenTicketInput!) { openTicket(input: $input) { ticket { id } errors { code } } }"
    ticket = (await bob.does(opening, subject="No mail", body="x", departmentId=general))["ticket"][
        "id"
    ]
    answer = (
        "mutation ($input: AnswerTicketInput!) { answerTicket(input: $input) { errors { code } } }"
    )
    for _ in range(2):
        assert (await sam.does(answer, ticketId=ticket, body=body))["errors"] == []

    await postman(app, server).send_all()

    first, second = [mail for mail in server.mails if mail["To"] == "bob@x.example"]
    assert first["References"] == second["References"] == f"<{ticket}@localhost>"
    assert first["Message-ID"] != second["Message-ID"]
    told = first.get_body(("plain",))
    assert told is not None
    for line in body.splitlines():
        assert line in told.get_content()
    assert not [each for each in server.tried if "evil" in each]
