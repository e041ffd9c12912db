"""The server's own pages: who may look, who may post, and what never happens."""

import re

import pytest

from app.main import Application
from models import Permission, Ticket, User
from tests.stage import (
    DEPARTMENTS,
    INVITE,
    OPEN_TICKET,
    Person,
    link_in,
    register,
)
from tests.visitors import BOB, browser, everything, heading, invited

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


async def test_scanners_of_mail_change_nothing_and_the_person_still_joins(
    app: Application, ann: Person, acme: str
) -> None:
    link = await invited(ann)
    before = await everything()

    for number in range(20):
        async with browser(app) as scanner:
            headers = SCANNERS[number % len(SCANNERS)]
            shown = await scanner.get(link, headers=headers)
            peeked = await scanner.head(link, headers=headers)
        assert (shown.status_code, peeked.status_code, peeked.text) == (200, 200, "")
        assert peeked.headers["content-length"] == shown.headers["content-length"]
        assert "set-cookie" not in shown.headers | peeked.headers

    assert await everything() == before
    async with browser(app) as bob:
        assert heading(await bob.post(link, data={"act": "register", **BOB})) == "You are in"


async def test_scanners_of_mail_verify_no_address(app: Application) -> None:
    bob = await register(app, "Bob")
    link = f"/verify-email/{await link_in(bob.email, 'verify_email')}"
    before = await everything()

    for number in range(20):
        async with browser(app) as scanner:
            headers = SCANNERS[number % len(SCANNERS)]
            shown = await scanner.get(link, headers=headers)
            peeked = await scanner.head(link, headers=headers)
        assert (shown.status_code, peeked.status_code, peeked.text) == (200, 200, "")
        assert "set-cookie" not in shown.headers | peeked.headers

    assert await everything() == before
    async with browser(app, bob.token) as client:
        page = await client.post(link, data={"act": "confirm"})
    assert heading(page) == "Your address is confirmed"


async def test_a_page_is_closed_to_everything_it_does_not_need(
    app: Application, ann: Person, acme: str
) -> None:
    async with browser(app) as bob:
        link = await invited(ann)
        pages = [await bob.get(link), await bob.get("/invite/x"), await bob.get("/tickets/x")]

    for page in pages:
        assert {name: page.headers[name] for name in CLOSED} == CLOSED
        assert (
            re.findall(r"<script|<style| style=| on[a-z]+=|javascript:|https?://", page.text) == []
        )


async def test_what_people_typed_is_never_markup(app: Application, ann: Person, acme: str) -> None:
    await User.filter(id=ann.id).update(email_verified_at=(await User.get(id=ann.id)).created_at)
    link = await invited(ann, note="<script>alert(1)</script>\nhttps://evil.example & more")

    async with browser(app) as bob:
        page = await bob.get(link)

    assert "&lt;script&gt;alert(1)&lt;/script&gt;\nhttps://evil.example &amp; more" in page.text
    assert "<a href" not in page.text


async def test_every_permission_has_words(app: Application, ann: Person, acme: str) -> None:
    await ann.does(INVITE, email="bob@x.example", permissions=list(Permission))

    async with browser(app) as bob:
        page = await bob.get(f"/invite/{await link_in('bob@x.example', 'invite')}")

    assert page.text.count("<li>") == len(Permission)


async def test_what_a_page_loads_is_there(app: Application) -> None:
    async with browser(app) as somebody:
        page = await somebody.get("/invite/unknown")
        files = {
            link: await somebody.get(link)
            for link in re.findall(r'(?:href|src)="(/\S+)"', page.text)
        }

    assert {link: file.headers["content-type"] for link, file in files.items()} == {
        "/graphiql/favicon.svg": "image/svg+xml",
        "/pages/style.css": "text/css; charset=utf-8",
    }


async def test_the_page_of_a_ticket_tells_how_to_read_it_and_nothing_of_it(
    app: Application, ann: Person, acme: str
) -> None:
    (general,) = (await ann.asks(DEPARTMENTS))["departments"]
    opened = await ann.does(OPEN_TICKET, subject="Secret", body="Plans", departmentId=general["id"])
    there = opened["ticket"]["id"]
    gone = there[:-1] + ("0" if there[-1] != "0" else "1")
    assert not await Ticket.exists(id=gone)

    async with browser(app) as somebody:
        found, missing = [await somebody.get(f"/tickets/{id}") for id in (there, gone)]

    assert (found.status_code, missing.status_code) == (200, 200)
    assert found.text.replace(there, gone) == missing.text
    query = re.search(r"<pre><code>(.*?)</code></pre>", found.text, re.DOTALL)
    assert query is not None
    answer = await ann.asks(query[1].replace("&#34;", '"'))
    assert answer["ticket"]["subject"] == "Secret"


@pytest.mark.parametrize(
    "id", ["tkt", "acc_01h455vb4pex5vsknk084sn02q", "tkt_", "tkt_01h455vb4pex5vsknk084sn02Q"]
)
async def test_an_id_that_is_none_is_not_shown(app: Application, id: str) -> None:
    async with browser(app) as somebody:
        page = await somebody.get(f"/tickets/{id}")

    assert page.status_code == 404
    assert id not in page.text


@pytest.mark.parametrize("page", ["invite", "verify-email", "reset", "unlock", "tickets"])
@pytest.mark.parametrize(
    "secret",
    [
        "%00",
        "abc%00def",
        "%0A",
        "abc%0D%0Adef",
        "%FF%FE",
        "%C3%A9",
        "a" * 5000,
        "%22%3E%3Cb%3E",
        "%20",
    ],
)
async def test_what_can_be_no_secret_is_not_valid(app: Application, page: str, secret: str) -> None:
    async with browser(app) as somebody:
        answers = [
            await somebody.get(f"/{page}/{secret}"),
            await somebody.head(f"/{page}/{secret}"),
        ]
        if page != "tickets":
            answers.append(await somebody.post(f"/{page}/{secret}", data={"act": "decline"}))

    assert {answer.status_code for answer in answers} == {404}
    assert heading(answers[0]) == "This link is not valid"


async def test_an_unknown_invite_is_not_valid_either(app: Application) -> None:
    async with browser(app) as somebody:
        seen = await somebody.get("/invite/unknown")
        sent = await somebody.post("/invite/unknown", data={"act": "register", **BOB})

    assert (seen.status_code, sent.status_code) == (404, 404)
    assert heading(seen) == heading(sent) == "This link is not valid"
    assert not await User.exists()


async def test_the_bare_address_leads_a_browser_to_graphiql(app: Application) -> None:
    async with browser(app) as visitor:
        shown = await visitor.get("/", headers={"accept": "text/html,*/*;q=0.8"})
        told = await visitor.get("/", headers={"accept": "*/*"})

    assert (shown.status_code, shown.url.path) == (200, "/graphql")
    assert "GraphiQL" in shown.text
    assert (told.status_code, told.json()["errors"][0]["extensions"]["code"]) == (404, "NOT_FOUND")
