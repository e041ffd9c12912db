"""Tickets: who may write, what each message carries, and who is told."""

import re

from app.domain import audit
from app.kit import clock
from app.main import Application
from models import AuditEvent, Department, Email, Membership, Ticket, TicketMail, TicketMessage
from tests.stage import (
    ANSWER,
    DEPARTMENTS,
    OPEN_TICKET,
    REPLY,
    Person,
    join,
    register,
)

CLOSE = """mutation ($input: CloseTicketInput!) { closeTicket(input: $input) {
  ticket { status } errors { code } } }"""
REOPEN = """mutation ($input: ReopenTicketInput!) { reopenTicket(input: $input) {
  ticket { status } errors { code } } }"""
PAGE = """query ($id: ID, $number: String) { ticket(id: $id, number: $number) {
  id number subject status updatedAt lastReplyAt opener { displayName } openerBadge { relationship current }
  department { name } account { name openTicketCount }
  messages { totalCount nodes { id body bodyHtml internal viewerIsAuthor via
    author { __typename displayName ... on User { initials isViewer } }
    badge { relationship label verified current membership { id } } } } } }"""
LIST = """query ($filter: TicketFilter, $order: TicketOrder, $first: Int, $after: String, $last: Int, $before: String) {
  tickets(filter: $filter, orderBy: $order, first: $first, after: $after, last: $last, before: $before) {
    totalCount nodes { id subject } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""


async def opened_by(person: Person, subject: str = "No mail", **other: object) -> str:
    """Open a ticket, and return its id."""
    (general,) = (await person.asks(DEPARTMENTS))["departments"]
    input = {"subject": subject, "body": "It *stopped*.", "departmentId": general["id"], **other}
    payload = await person.does(OPEN_TICKET, **input)
    assert payload["errors"] == []
    return payload["ticket"]["id"]  # type: ignore[no-any-return]


async def codes(person: Person, mutation: str, **input: object) -> list[str]:
    """Send a mutation, and return the codes of its errors."""
    return [error["code"] for error in (await person.does(mutation, **input))["errors"]]


async def test_a_badge_is_frozen_and_tells_what_is_true_today(
    ann: Person, bob: Person, acme: str
) -> None:
    ticket = await opened_by(bob)
    await Membership.filter(user_id=bob.id).update(status="ENDED", ended_at=clock.now())

    shown = (await ann.asks(PAGE, id=ticket))["ticket"]
    badge = shown["messages"]["nodes"][0]["badge"]
    assert (badge["relationship"], badge["label"], badge["verified"], badge["current"]) == (
        "AUTHORIZED_USER",
        "Authorized user",
        True,
        "REGISTERED_USER",
    )
    assert shown["openerBadge"] == {"relationship": "AUTHORIZED_USER", "current": "REGISTERED_USER"}


async def test_a_membership_behind_a_badge_is_for_who_may_see_it(
    app: Application, ann: Person, bob: Person, acme: str
) -> None:
    carol = await register(app, "Carol")
    await join(ann, carol, acme, "TICKETS")
    ticket = await opened_by(bob)

    for person, sees in ((ann, True), (bob, True), (carol, False)):
        shown = (await person.asks(PAGE, id=ticket))["ticket"]["messages"]["nodes"][0]
        assert (shown["badge"]["membership"] is not None) is sees


async def test_a_ticket_is_found_by_its_sayable_number_and_only_by_who_may_read_it(
    app: Application, ann: Person, bob: Person, acme: str, eve: Person, sam: Person, nobody: Person
) -> None:
    carol = await register(app, "Carol")
    await join(ann, carol, acme, "PRODUCTS")
    ticket = await opened_by(bob)
    number = (await Ticket.get(id=ticket)).number
    assert re.fullmatch(r"[A-Z]{3}-[0-9]{6}", number)

    for person in (ann, bob, sam):
        assert (await person.asks(PAGE, number=number.lower()))["ticket"]["id"] == ticket
    for person in (eve, carol):
        assert (await person.asks(PAGE, id=ticket))["ticket"] is None
        assert (await person.asks(PAGE, number=number))["ticket"] is None
    for person, code in ((eve, "NOT_FOUND"), (carol, "FORBIDDEN")):
        assert await codes(person, REPLY, ticketId=ticket, body="Hello") == [code]
        assert await codes(person, CLOSE, ticketId=ticket) == [code]
    assert await TicketMessage.all().count() == 1
    signed_out = await nobody.tries(PAGE, id=ticket)
    assert signed_out["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_note_changes_nothing_a_customer_can_read(
    ann: Person, bob: Person, acme: str, sam: Person
) -> None:
    ticket = await opened_by(bob)
    before = (await ann.asks(PAGE, id=ticket), await Email.all().count())
    head = await AuditEvent.filter(account_id=acme).count()

    note = await sam.does(ANSWER, ticketId=ticket, body="Careful with them.", internal=True)

    assert note["message"]["internal"] is True
    assert (await ann.asks(PAGE, id=ticket), await Email.all().count()) == before
    assert await AuditEvent.filter(account_id=acme).count() == head
    assert (await sam.asks(PAGE, id=ticket))["ticket"]["messages"]["totalCount"] == 2
    hidden = await ann.asks("query ($id: ID!) { node(id: $id) { id } }", id=note["message"]["id"])
    assert hidden["node"] is None
    assert await codes(sam, ANSWER, ticketId=ticket, body="x", internal=True, status="CLOSED") == [
        "INVALID_INPUT"
    ]


async def test_a_reply_reopens_and_a_locked_ticket_refuses(bob: Person, sam: Person) -> None:
    ticket = await opened_by(bob)
    assert (await bob.does(CLOSE, ticketId=ticket))["ticket"] == {"status": "CLOSED"}
    assert (await bob.does(REOPEN, ticketId=ticket))["ticket"] == {"status": "OPEN"}
    await sam.does(CLOSE, ticketId=ticket)
    assert (await bob.does(REPLY, ticketId=ticket, body="Still"))["ticket"] == {
        "status": "CUSTOMER_REPLY"
    }
    await sam.does(CLOSE, ticketId=ticket)
    await Ticket.filter(id=ticket).update(is_locked=True)

    assert await codes(bob, REPLY, ticketId=ticket, body="Hello?") == ["TICKET_LOCKED"]
    assert await codes(bob, REOPEN, ticketId=ticket) == ["TICKET_LOCKED"]
    assert await TicketMessage.all().count() == 2
    assert await codes(sam, REOPEN, ticketId=ticket) == []


async def test_a_body_is_kept_as_written_and_shown_safe(bob: Person) -> None:
    body = "Hi <script>alert(1)</script>\n.\nRCPT TO:<x@x.example>\n\n**bold** [link](javascript:alert(1))"
    (general,) = (await bob.asks(DEPARTMENTS))["departments"]
    payload = await bob.does(OPEN_TICKET, subject="Body", body=body, departmentId=general["id"])

    shown = (await bob.asks(PAGE, id=payload["ticket"]["id"]))["ticket"]["messages"]["nodes"][0]
    assert shown["body"] == body
    assert "<script" not in shown["bodyHtml"]
    assert 'href="javascript' not in shown["bodyHtml"]
    assert "<strong>bold</strong>" in shown["bodyHtml"]


async def test_what_cannot_be_taken_is_refused_at_its_field(bob: Person) -> None:
    (general,) = (await bob.asks(DEPARTMENTS))["departments"]
    good = {"subject": "x", "body": "y", "departmentId": general["id"]}
    for wrong, code in (
        ({"subject": "a\r\nBcc: x@x.example"}, "INVALID_INPUT"),
        ({"subject": "a\u2028b"}, "INVALID_INPUT"),
        ({"subject": "x" * 301}, "INVALID_INPUT"),
        ({"body": " \n "}, "INVALID_INPUT"),
        ({"body": "x" * 20_001}, "INVALID_INPUT"),
        ({"departmentId": "dep_01h455vb4pex5vsknk084sn02q"}, "NOT_FOUND"),
        ({"departmentId": "nonsense"}, "NOT_FOUND"),
    ):
        (error,) = (await bob.does(OPEN_TICKET, **{**good, **wrong}))["errors"]
        assert (error["code"], error["path"]) == (code, list(wrong))
    assert not await Ticket.exists()


async def test_a_reply_is_mailed_to_whoever_takes_part_as_they_chose(
    app: Application, ann: Person, bob: Person, acme: str, sam: Person
) -> None:
    carol, dan = await register(app, "Carol"), await register(app, "Dan")
    await join(ann, carol, acme, "TICKETS")
    await join(ann, dan, acme, "PRODUCTS")
    await Membership.filter(user_id__in=[carol.id, dan.id]).update(ticket_mail=TicketMail.ALL)
    ticket = await opened_by(bob)
    assert await _told(ticket) == ["carol@x.example"]

    await sam.does(ANSWER, ticketId=ticket, body="Looking.")
    assert await _told(ticket) == ["bob@x.example", "carol@x.example"]
    await bob.does(REPLY, ticketId=ticket, body="Thanks.")
    assert await _told(ticket) == ["carol@x.example", "sam@x.example"]
    await Membership.filter(user_id=bob.id).update(ticket_mail=TicketMail.NONE)
    await Membership.filter(user_id=carol.id).update(status="SUSPENDED")
    await sam.does(ANSWER, ticketId=ticket, body="Done.")
    assert await _told(ticket) == []


async def _told(ticket: str) -> list[str]:
    """Take the addresses of what was queued, and forget it."""
    mails = await Email.filter(kind="ticket_reply").order_by("recipient")
    assert all(mail.thread_id == f"<{ticket}@localhost>" for mail in mails)
    await Email.filter(kind="ticket_reply").delete()
    return [mail.recipient for mail in mails]


async def test_fifty_equal_tickets_are_walked_once_each_way(bob: Person, acme: str) -> None:
    general = await Department.get()
    now = clock.now()
    await Ticket.bulk_create(
        Ticket(
            number=f"AAA-{i:06}",
            account_id=acme,
            department_id=general.id,
            opener_id=bob.id,
            opener_name="Bob",
            opener_relationship="AUTHORIZED_USER",
            subject=f"Ticket {i}",
            created_at=now,
            updated_at=now,
        )
        for i in range(50)
    )
    for field in ("UPDATED_AT", "CREATED_AT", "PRIORITY"):
        for direction in ("ASC", "DESC"):
            order = {"field": field, "direction": direction}
            forward = await _walk(bob, order, "first", "after", "endCursor", "hasNextPage")
            backward = await _walk(bob, order, "last", "before", "startCursor", "hasPreviousPage")
            assert len(set(forward)) == 50
            assert forward == [id for page in _pages(backward) for id in page]


async def _walk(
    person: Person, order: dict[str, str], size: str, way: str, cursor: str, more: str
) -> list[str]:
    seen: list[str] = []
    place: str | None = None
    while True:
        page = (await person.asks(LIST, order=order, **{size: 7, way: place}))["tickets"]
        assert page["totalCount"] == 50
        seen += [node["id"] for node in page["nodes"]]
        assert page["pageInfo"]["hasPreviousPage" if size == "first" else "hasNextPage"] is (
            place is not None
        )
        if not page["pageInfo"][more]:
            return seen
        place = page["pageInfo"][cursor]


def _pages(backward: list[str]) -> list[list[str]]:
    """Put the pages of a walk from the end into order: each was in order, the last came first."""
    return [backward[start : start + 7] for start in range(0, 50, 7)][::-1]


async def test_a_cursor_of_another_list_is_refused(bob: Person) -> None:
    await opened_by(bob)
    page = (await bob.asks(LIST))["tickets"]["pageInfo"]
    for wrong in (
        {"after": page["endCursor"], "order": {"field": "CREATED_AT"}},
        {"after": "nonsense"},
        {"before": "é"},
        {"first": 101},
        {"first": -1},
        {"last": 101},
    ):
        answer = await bob.tries(LIST, **wrong)
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["INVALID_INPUT"]
        assert answer["data"] == {"tickets": None}


async def test_tickets_are_filtered(bob: Person, ann: Person) -> None:
    first = await opened_by(bob, "Printer on fire", priority="HIGH")
    second = await opened_by(ann, "Invoice 50% off")
    for wanted, ids in (
        ({"search": "fire"}, [first]),
        ({"search": "50%"}, [second]),
        ({"search": "%"}, [second]),
        ({"priority": ["HIGH"]}, [first]),
        ({"openerId": ann.id}, [second]),
        ({"status": ["CLOSED"]}, []),
        ({"status": []}, []),
        ({"updatedSince": "2001-01-01T00:00:00Z"}, [second, first]),
    ):
        nodes = (await bob.asks(LIST, filter=wanted))["tickets"]["nodes"]
        assert [node["id"] for node in nodes] == ids
    answer = await bob.tries(LIST, filter={"openerId": "nonsense"})
    assert answer["errors"][0]["extensions"] == {
        "code": "INVALID_INPUT",
        "path": ["filter", "openerId"],
    }


async def test_every_chain_is_whole_after_all_that(
    ann: Person, bob: Person, acme: str, sam: Person
) -> None:
    ticket = await opened_by(bob)
    await sam.does(ANSWER, ticketId=ticket, body="Note", internal=True)
    await sam.does(ANSWER, ticketId=ticket, body="Answer")
    for chain in await AuditEvent.all().distinct().values_list("chain", flat=True):
        assert await audit.first_broken(str(chain)) is None
