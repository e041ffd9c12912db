"""Cookies over HTTP and HTTPS: one that browsers keep, or an error that asks for HTTPS; never a silent success."""

from collections.abc import AsyncIterator

import pytest

from app.kit.settings import Settings
from app.main import Application, create_app
from models import Membership, Session, User
from tests.stage import (
    ACCEPT,
    INVITE,
    LOGIN,
    PASSWORD,
    REGISTER,
    Person,
    link_in,
    register,
)

REFUSED = [{"code": "INVALID_INPUT", "path": ["transport"]}]
BOB = {"email": "bob@x.example", "password": PASSWORD, "firstName": "Bob", "lastName": "Baker"}
VERIFY = """mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) {
  sessionToken errors { code path } } }"""


@pytest.fixture
async def behind(settings: Settings) -> AsyncIterator[Application]:
    """The application behind a proxy that it trusts: whoever connects from this machine."""
    application = create_app(
        settings.model_copy(update={"trusted_proxies": ("127.0.0.0/8",)}), sends_mail=False
    )
    async with application.router.lifespan_context(application):
        yield application


async def signed_in(app: Application, **headers: str) -> tuple[list[str], list[object]]:
    """Sign in by cookie, and return the cookies and the errors."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    input = {"email": "ann@x.example", "password": PASSWORD, "transport": "COOKIE"}
    response = await Person(app, headers=named).sends(LOGIN, input=input)
    payload = response.json()["data"]["login"]
    assert payload["sessionToken"] is None
    return response.headers.get_list("set-cookie"), payload["errors"]


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:8000", "[::1]:8000", "127.0.0.2"])
async def test_on_this_machine_browsers_keep_a_plain_cookie(ann: Person, host: str) -> None:
    cookies, errors = await signed_in(ann.app, host=host)

    assert errors == []
    assert [cookie.startswith("keyfob") for cookie in cookies] == [True, True]
    assert [cookie for cookie in cookies if "Secure" in cookie] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "192.168.1.2"},
        {"host": "[fd00::2]"},
        {"host": "keyfob.example"},
        {"host": "localhost.example"},
        {"host": "keyfob.example", "x_forwarded_proto": "https"},
        {"host": "keyfob.example", "forwarded": "proto=https"},
    ],
    ids=str,
)
async def test_elsewhere_a_cookie_asks_for_https_and_nothing_has_happened(
    ann: Person, headers: dict[str, str]
) -> None:
    before = await Session.all().values()

    assert await signed_in(ann.app, **headers) == ([], REFUSED)

    assert await Session.all().values() == before


async def test_behind_a_trusted_proxy_https_is_what_it_says(behind: Application) -> None:
    await register(behind, "Ann")

    cookies, errors = await signed_in(behind, host="keyfob.example", x_forwarded_proto="https")

    assert errors == []
    assert [cookie.partition("=")[0] for cookie in cookies] == [
        "__Host-keyfob",
        "__Host-keyfob-device",
    ]
    assert [
        cookie for cookie in cookies if "; Path=/; HttpOnly; SameSite=Lax; Secure" not in cookie
    ] == []
    for told in ("http", "", "wss,https", "https, http"):
        asked = await signed_in(behind, host="keyfob.example", x_forwarded_proto=told)
        assert asked == ([], REFUSED), told


async def test_no_way_in_is_done_before_its_cookie_is_refused(ann: Person, acme: str) -> None:
    await ann.does(INVITE, email="bob@x.example", permissions=["TICKETS"])
    away = Person(ann.app, headers={"host": "192.168.1.2"})
    cookie = {"transport": "COOKIE"}
    login = {"email": ann.email, "password": PASSWORD} | cookie
    link, invite = await link_in(ann.email, "verify_email"), await link_in(BOB["email"], "invite")
    before = [await table.all().count() for table in (User, Session, Membership)]

    for mutation, input in (
        (REGISTER, BOB | cookie),
        (VERIFY, {"token": link, "as": login}),
        (ACCEPT, {"token": invite, "as": {"register": BOB | cookie}}),
        (ACCEPT, {"token": invite, "as": {"login": login}}),
    ):
        (error,) = (await away.does(mutation, **input))["errors"]
        assert (error["code"], error["path"]) == ("INVALID_INPUT", ["transport"])

    assert [await table.all().count() for table in (User, Session, Membership)] == before
    assert (await User.get(id=ann.id)).email_verified_at is None
