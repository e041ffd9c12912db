"""Verifying an address on the server's own page."""

import asyncio
from datetime import timedelta

import pytest

from app.kit import clock
from app.main import Application
from models import AuditAction, AuditEvent, Email, Link, Session, User
from tests.stage import Person, link_in, register
from tests.visitors import LOGIN, alert, browser, errors, forms, heading, plain


@pytest.fixture
async def stranger(app: Application) -> Person:
    """Bob has registered, and not verified his address."""
    return await register(app, "Bob")


@pytest.fixture
async def link(stranger: Person) -> str:
    """The path that his mail leads to."""
    return f"/verify-email/{await link_in(stranger.email, 'verify_email')}"


async def is_verified(name: str) -> bool:
    return (await User.get(email=f"{name}@x.example")).email_verified_at is not None


async def test_in_their_own_session_one_button_does_it(
    app: Application, stranger: Person, link: str
) -> None:
    async with browser(app, stranger.token) as client:
        page = await client.get(link)
        done = await client.post(link, data={"act": "confirm"})
        again = await client.post(link, data={"act": "confirm"})

    assert "Is bob@x.example your address?" in plain(page.text)
    assert forms(page) == ["confirm", "login"]
    assert heading(done) == heading(again) == "Your address is confirmed"
    assert alert(again) is None
    assert await is_verified("bob")
    assert await AuditEvent.filter(action=AuditAction.USER_EMAIL_VERIFIED).count() == 1


async def test_two_clicks_at_once_are_one(app: Application, stranger: Person, link: str) -> None:
    async with browser(app, stranger.token) as client:
        clicks = [client.post(link, data={"act": "confirm"}) for _ in range(4)]
        pages = await asyncio.gather(*clicks)

    assert {heading(page) for page in pages} == {"Your address is confirmed"}
    assert {alert(page) for page in pages} == {None}
    assert await AuditEvent.filter(action=AuditAction.USER_EMAIL_VERIFIED).count() == 1


async def test_who_is_signed_out_signs_in_in_the_same_act(
    app: Application, stranger: Person, link: str
) -> None:
    async with browser(app) as client:
        page = await client.get(link)
        done = await client.post(link, data=LOGIN)
        me = await client.post("/graphql", json={"query": "{ me { email } }"})
        again = await client.post(link, data=LOGIN)

    assert forms(page) == ["login"]
    assert "bob" not in page.text
    assert heading(done) == heading(again) == "Your address is confirmed"
    assert alert(again) is None
    assert me.json()["data"] == {"me": {"email": "bob@x.example"}}
    assert await is_verified("bob")


async def test_a_wrong_password_verifies_nothing(
    app: Application, stranger: Person, link: str
) -> None:
    async with browser(app) as client:
        page = await client.post(link, data=LOGIN | {"password": "guessing it"})

    assert page.status_code == 422
    assert errors(page) == {"login-email": "The e-mail address or the password is wrong."}
    assert not await is_verified("bob")
    assert await Session.filter(user_id=stranger.id).count() == 1


async def test_without_a_session_the_button_is_not_enough(
    app: Application, stranger: Person, link: str
) -> None:
    async with browser(app) as client:
        page = await client.post(link, data={"act": "confirm"})

    assert (page.status_code, alert(page)) == (422, "Sign in first.")
    assert not await is_verified("bob")


async def test_the_link_of_another_user_verifies_nobody(
    app: Application, link: str, eve: Person
) -> None:
    async with browser(app, eve.token) as client:
        page = await client.post(link, data={"act": "confirm"})

    assert page.status_code == 410
    assert alert(page) == "This link is no longer valid. Ask for a new one."
    assert not await is_verified("bob")
    assert not await is_verified("eve")
    assert await Link.filter(used_at=None).count() == 2


async def test_a_link_that_is_too_old_offers_a_new_one(
    app: Application, stranger: Person, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = clock.now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: later)

    async with browser(app) as client:
        expired = await client.post(link, data=LOGIN)
        sent = await client.post(link, data={"act": "again"})
        hasty = await client.post(link, data={"act": "again"})
        renewed = f"/verify-email/{await link_in(stranger.email, 'verify_email')}"
        done = await client.post(renewed, data={"act": "confirm"})

    assert (expired.status_code, forms(expired)) == (410, ["again", "login"])
    assert "A new link is on its way to bob@x.example." in plain(sent.text)
    assert (hasty.status_code, hasty.headers["retry-after"]) == (429, "60")
    assert alert(hasty) == "Too many attempts. Try again in 60 s."
    assert heading(done) == "Your address is confirmed"
    assert await Email.filter(kind="verify_email").count() == 2


async def test_who_is_verified_already_may_be_at_the_link_of_somebody_else(
    app: Application, bob: Person
) -> None:
    await register(app, "Kim")
    link = f"/verify-email/{await link_in('kim@x.example', 'verify_email')}"

    async with browser(app, bob.token) as client:
        page = await client.get(link)
        done = await client.post(link, data=LOGIN | {"email": "kim@x.example"})

    assert heading(page) == "Your address is confirmed"
    assert "bob@x.example is yours" in plain(page.text)
    assert "kim@x.example is yours" in plain(done.text)
    assert await is_verified("kim")
