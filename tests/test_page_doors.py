"""The server's own pages: which links and which forms are let in."""

import pytest

from app.kit.settings import Settings
from app.main import Application, create_app
from models import Invite, InviteStatus, Link
from tests.stage import (
    PASSWORD,
    Person,
    account_of,
    link_in,
    register,
)
from tests.visitors import BOB, browser, everything, forms, heading, invited

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
    "headers",
    [
        {"sec-fetch-site": "cross-site", "origin": "https://evil.example"},
        {"sec-fetch-site": "cross-site", "origin": "null"},
        {"sec-fetch-site": "same-site", "origin": "https://other.x.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"cookie": "keyfob=x"},
    ],
)
async def test_a_page_of_another_site_gets_nothing_done(
    app: Application, ann: Person, acme: str, headers: dict[str, str]
) -> None:
    eve = await register(app, "Eve")
    links = [await invited(ann, eve.email)]
    links.append(f"/verify-email/{await link_in(eve.email, 'verify_email')}")
    before = await everything()

    for link in links:
        async with browser(app, eve.token if "cookie" not in headers else None) as client:
            for name in ("origin", "sec-fetch-site"):
                del client.headers[name]
            for act in ("accept", "decline", "confirm", "again"):
                page = await client.post(link, data={"act": act}, headers=headers)
                assert page.status_code == 403
                assert "another site" in page.text
                assert "set-cookie" not in page.headers

    assert await everything() == before


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "same-origin", "origin": "null"},
        {"sec-fetch-site": "none"},
        {"origin": "http://127.0.0.1"},
        {"sec-fetch-site": "cross-site", "origin": "https://panel.example"},
        {"origin": "https://panel.example"},
        {},
    ],
)
async def test_our_pages_the_listed_ones_and_programs_may_post(
    settings: Settings, headers: dict[str, str]
) -> None:
    app = create_app(
        settings.model_copy(update={"allowed_origins": ("https://panel.example",)}),
        sends_mail=False,
    )
    async with app.router.lifespan_context(app), browser(app) as client:
        ann = await register(app, "Ann")
        await account_of(ann, "Acme")
        for name in ("origin", "sec-fetch-site"):
            del client.headers[name]
        page = await client.post(await invited(ann), data={"act": "decline"}, headers=headers)

        assert heading(page) == "You declined"


async def test_without_https_nobody_is_asked_for_a_password(
    app: Application, ann: Person, acme: str
) -> None:
    links = [await invited(ann), f"/verify-email/{await link_in(ann.email, 'verify_email')}"]
    before = await everything()

    async with browser(app, at="http://192.168.1.5:8000") as bob:
        shown = [await bob.get(link) for link in links]
        sent = [await bob.post(links[0], data={"act": "register", **BOB})]
        login = {"act": "login", "email": ann.email, "password": PASSWORD}
        sent += [await bob.post(link, data=login) for link in links]

    assert [page.status_code for page in sent] == [422, 422, 422]
    for page in shown + sent:
        assert forms(page) == []
        assert "opened without HTTPS" in page.text
        assert "set-cookie" not in page.headers
    assert await everything() == before


async def test_over_https_the_cookie_is_for_this_host_only(
    app: Application, ann: Person, acme: str
) -> None:
    link = await invited(ann)

    async with browser(app, at="https://keyfob.example") as bob:
        bob.follow_redirects = False
        sent = await bob.post(link, data={"act": "register", **BOB})

    name, _, attributes = sent.headers["set-cookie"].partition("=")
    assert name == "__Host-keyfob"
    assert attributes.partition("; ")[2] == "Path=/; HttpOnly; SameSite=Lax; Secure"


async def test_other_methods_are_refused(app: Application, ann: Person, acme: str) -> None:
    link = await invited(ann)

    async with browser(app) as bob:
        answers = [await bob.request(method, link) for method in ("PUT", "DELETE", "PATCH")]

    assert {answer.status_code for answer in answers} == {405}
    assert (await Invite.get()).status is InviteStatus.PENDING
    assert await Link.filter(used_at=None).count() == 1
