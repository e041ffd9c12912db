"""What is sent to the server's own pages, and is no form of theirs."""

import pytest
from starlette.types import Message, Scope

from app.main import Application
from tests.stage import (
    Person,
    link_in,
)
from tests.visitors import alert, browser, everything, heading, invited

SCANNERS = [
    {"user-agent": ""},
    {"user-agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0"},
    {"user-agent": "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1) SafeLinks"},
    {"user-agent": "Barracuda Sentinel (EE)", "cookie": "keyfob=guessed; other=1"},
    {"user-agent": "curl/8.5.0", "accept": "*/*", "cookie": "__Host-keyfob=x"},
]
CLOSED = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"act": "decline"}', "application/json", 415),
        (b"act=decline", "text/plain", 415),
        (b"act=decline&note=" + b"x" * 17_000, "application/x-www-form-urlencoded", 413),
        (
            b"&".join(b"%d=1" % number for number in range(40)),
            "application/x-www-form-urlencoded",
            400,
        ),
        (b"act=decline&x=%FF", "application/x-www-form-urlencoded", 400),
        (b"act=decline&x=\xff", "application/x-www-form-urlencoded", 400),
        (b"act=decline%00", "application/x-www-form-urlencoded", 400),
        (b"act=decline&email=a%00b", "application/x-www-form-urlencoded", 400),
    ],
)
async def test_what_is_no_form_of_ours_is_refused(
    app: Application, ann: Person, acme: str, content: bytes, kind: str, status: int
) -> None:
    link = await invited(ann)
    before = await everything()

    async with browser(app) as bob:
        page = await bob.post(link, content=content, headers={"content-type": kind})

    assert page.status_code == status
    assert heading(page) == "That did not work"
    assert await everything() == before


async def test_an_unknown_button_does_nothing(app: Application, ann: Person, acme: str) -> None:
    links = [await invited(ann), f"/verify-email/{await link_in(ann.email, 'verify_email')}"]
    before = await everything()

    async with browser(app) as bob:
        pages = [await bob.post(link, data={"act": "destroy"}) for link in links]

    assert [page.status_code for page in pages] == [422, 422]
    assert {alert(page) for page in pages} == {"Use one of the buttons of this page."}
    assert await everything() == before


async def test_who_leaves_halfway_has_done_nothing(
    app: Application, ann: Person, acme: str
) -> None:
    link = await invited(ann)
    before = await everything()
    kind = (b"content-type", b"application/x-www-form-urlencoded")
    scope: Scope = {"type": "http", "method": "POST", "path": link, "headers": [kind]}
    parts = [{"type": "http.request", "body": b"act=decl", "more_body": True}]

    async def receive() -> Message:
        return parts.pop() if parts else {"type": "http.disconnect"}

    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)

    assert sent[0]["status"] == 400
    assert await everything() == before
