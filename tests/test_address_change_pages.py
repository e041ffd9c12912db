"""Confirming a changed address on the server's own page, and signing in there with a second factor."""

import pytest

from app.main import Application
from models import Email, Session, SessionStatus, User
from tests.recovering import change_link, enrol, next_code, settled
from tests.stage import Person, join, register, wait_a_minute
from tests.visitors import (
    LOGIN,
    alert,
    browser,
    errors,
    everything,
    forms,
    heading,
    invited,
    plain,
)

DONE = "Your address is confirmed"
NEW = "kim@new.example"


@pytest.fixture
async def kim(app: Application) -> Person:
    """Kim has a verified address, and wants another one."""
    return await settled(app, "Kim")


async def address_of(person: Person) -> str:
    return (await User.get(id=person.id)).email


async def test_in_their_own_session_one_button_does_it(app: Application, kim: Person) -> None:
    link = await change_link(kim, NEW)

    async with browser(app, kim.token) as client:
        page = await client.get(link)
        done = await client.post(link, data={"act": "confirm"})
        again = await client.post(link, data={"act": "confirm"})

    assert "Is kim@new.example your address, too?" in plain(page.text)
    assert forms(page) == ["confirm", "login"]
    assert heading(done) == heading(again) == DONE
    assert "kim@new.example is yours" in plain(done.text)
    assert await address_of(kim) == NEW
    mail = await Email.get(kind="email_changed")
    assert mail.recipient == "kim@x.example"
    assert "- k•••@new.example\n" in mail.body_text


async def test_who_is_signed_out_signs_in_with_the_old_address(
    app: Application, kim: Person
) -> None:
    link = await change_link(kim, NEW)

    async with browser(app) as client:
        page = await client.get(link)
        done = await client.post(link, data=LOGIN | {"email": kim.email})

    assert "If you are changing your address, sign in with the old one." in plain(page.text)
    assert NEW not in page.text
    assert heading(done) == DONE
    assert await address_of(kim) == NEW


async def test_a_link_for_an_address_that_is_no_longer_wanted_confirms_nothing(
    app: Application, kim: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await change_link(kim, NEW)
    wait_a_minute(monkeypatch)
    await change_link(kim, "kim@third.example")
    before = await everything()

    async with browser(app, kim.token) as client:
        page = await client.post(old, data={"act": "confirm"})
        more = await client.post(old, data={"act": "again"})

    assert (page.status_code, forms(page)) == (410, ["login"])
    assert alert(page) == "This link is no longer valid. Ask for a new one."
    assert "change your address once more" in page.text
    assert (more.status_code, alert(more)) == (422, "Use one of the buttons of this page.")
    assert await everything() == before


async def test_an_address_that_somebody_took_meanwhile_is_theirs(
    app: Application, kim: Person
) -> None:
    link = await change_link(kim, "bob@x.example")
    await register(app, "Bob")
    before = await everything()

    async with browser(app, kim.token) as client:
        page = await client.post(link, data={"act": "confirm"})

    told = "There is a user with this address already. Sign in instead."
    assert (page.status_code, alert(page)) == (422, told)
    assert await everything() == before


async def test_who_has_a_second_factor_is_asked_for_it_in_the_same_form(
    app: Application, kim: Person
) -> None:
    secret, _ = await enrol(kim)
    link = await change_link(kim, NEW)
    login = LOGIN | {"email": kim.email}

    async with browser(app) as client:
        page = await client.get(link)
        asked = await client.post(link, data=login)
        guess = await client.post(link, data=login | {"code": "000000"})
        before = await address_of(kim)
        done = await client.post(link, data=login | {"code": next_code(secret)})

    assert 'name="code"' not in page.text
    assert errors(asked) == {"login-code": "Add a code of your second factor."}
    assert errors(guess) == {"login-code": "This code is wrong, or was used already."}
    assert 'name="code"' in guess.text
    assert "set-cookie" not in asked.headers | guess.headers
    assert before == kim.email
    assert heading(done) == DONE
    assert await address_of(kim) == NEW


async def test_a_stale_link_uses_no_code_twice(app: Application, kim: Person) -> None:
    secret, _ = await enrol(kim)

    async with browser(app) as client:
        login = LOGIN | {"email": kim.email, "code": next_code(secret)}
        page = await client.post("/verify-email/unknown", data=login)

    assert page.status_code == 410
    assert alert(page) == "This link is no longer valid. Ask for a new one."
    assert "set-cookie" not in page.headers


async def test_the_page_of_a_used_invite_asks_for_the_second_factor_too(
    app: Application, ann: Person, acme: str, kim: Person
) -> None:
    await join(ann, kim, acme, "TICKETS")
    secret, _ = await enrol(kim)
    link = await invited(ann)
    bob = await register(app, "Bob")
    login = LOGIN | {"email": kim.email}

    async with browser(app, bob.token) as client:
        await client.post(link, data={"act": "accept"})
    async with browser(app) as client:
        asked = await client.post(link, data=login)
        kept = client.cookies.get("keyfob")
        signed_in = await client.post(link, data=login | {"code": next_code(secret)})

    assert errors(asked) == {"login-code": "Add a code of your second factor."}
    assert kept is None
    assert heading(signed_in) == "You are a member already"
    assert await Session.filter(user_id=kim.id, status=SessionStatus.ACTIVE).count() == 2
