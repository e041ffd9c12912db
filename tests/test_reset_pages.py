"""Setting a new password on the server's own page."""

import asyncio
from datetime import timedelta

import httpx2
import pytest

from app.kit import clock
from app.main import Application
from models import Email, Session, SessionStatus
from tests.recovering import choose_question, enrol, next_code, reset_link, settled
from tests.stage import LOGIN, PASSWORD, Person
from tests.visitors import alert, browser, errors, everything, forms, heading, plain

NEW = "quite another horse battery"
SENT = {"act": "reset", "newPassword": NEW}
OVER = "This link is no longer valid: ask for a new one"


@pytest.fixture
async def kim(app: Application) -> Person:
    """Kim has a verified address, and nothing but a password."""
    return await settled(app, "Kim")


async def can_sign_in(person: Person, password: str) -> bool:
    payload = await Person(person.app).does(LOGIN, email=person.email, password=password)
    return payload["sessionToken"] is not None


async def post(app: Application, link: str, **typed: str) -> httpx2.Response:
    async with browser(app) as client:
        return await client.post(link, data=SENT | typed)


async def test_a_new_password_is_set_and_everybody_is_signed_out(
    app: Application, kim: Person
) -> None:
    link = await reset_link(kim)

    async with browser(app, kim.token) as client:
        page = await client.get(link)
        done = await client.post(link, data=SENT)

    assert (page.status_code, heading(page), forms(page)) == (200, "Set a new password", ["reset"])
    assert "The new password is for k•••@x.example." in plain(page.text)
    assert (done.status_code, heading(done)) == (200, "Your new password is set")
    assert "Sign in with it from now on. All other sessions were ended" in plain(done.text)
    assert "set-cookie" not in done.headers
    assert await Session.filter(status=SessionStatus.ACTIVE).count() == 0
    assert await can_sign_in(kim, NEW)
    assert not await can_sign_in(kim, PASSWORD)
    assert await Email.filter(kind="password_changed", recipient=kim.email).count() == 1


async def test_who_has_a_question_and_a_second_factor_is_asked_for_both(
    app: Application, kim: Person
) -> None:
    await choose_question(kim, "Whose dog was it?", "Aunt Mary's")
    secret, _ = await enrol(kim)
    link = await reset_link(kim)

    async with browser(app) as client:
        page = await client.get(link)
        wrong = await client.post(link, data=SENT | {"securityAnswer": "mine", "code": "000000"})
        empty = await client.post(link, data=SENT | {"securityAnswer": "Aunt Mary's", "code": " "})
        guess = await client.post(link, data=SENT | {"securityAnswer": "aunt mary's", "code": "1"})
    is_as_it_was = await can_sign_in(kim, PASSWORD)
    done = await post(app, link, securityAnswer=" AUNT  mary's", code=next_code(secret))

    assert "Whose dog was it?" in plain(page.text)
    assert [errors(each) for each in (wrong, empty, guess)] == [
        {
            "reset-securityAnswer": "This is not the answer that you gave when you chose the question."
        },
        {"reset-code": "Add a code of your second factor."},
        {"reset-code": "This code is wrong, or was used already."},
    ]
    assert {each.status_code for each in (wrong, empty, guess)} == {422}
    assert "Mary" not in wrong.text + empty.text + guess.text
    assert is_as_it_was
    assert heading(done) == "Your new password is set"


async def test_a_recovery_code_does_for_who_has_lost_the_app(app: Application, kim: Person) -> None:
    _, codes = await enrol(kim)
    link = await reset_link(kim)

    done = await post(app, link, code=f" {codes[0].lower()} ")

    assert heading(done) == "Your new password is set"
    mail = await Email.get(kind="recovery_code_used", recipient=kim.email)
    assert "You have 9 recovery codes left." in mail.body_text


async def test_a_weak_password_is_told_beside_its_field_and_never_shown_again(
    app: Application, kim: Person
) -> None:
    link = await reset_link(kim)
    before = await everything()

    page = await post(app, link, newPassword="too short")

    assert page.status_code == 422
    assert errors(page).keys() == {"reset-newPassword"}
    assert "Use at least 12 characters" in errors(page)["reset-newPassword"]
    assert 'href="#reset-newPassword"' in page.text
    assert "too short" not in page.text
    assert await everything() == before


async def test_a_link_works_once_also_for_two_clicks_at_once(app: Application, kim: Person) -> None:
    link = await reset_link(kim)

    pages = await asyncio.gather(*(post(app, link) for _ in range(3)))
    later = await post(app, link, newPassword="a third horse battery")

    assert sorted(page.status_code for page in pages) == [200, 410, 410]
    assert (later.status_code, heading(later)) == (410, OVER)
    assert "If you have set a new password with it just now, sign in with that." in later.text
    assert await can_sign_in(kim, NEW)


@pytest.mark.parametrize("fate", ["unknown", "replaced", "too old", "changed"])
async def test_a_link_that_is_over_says_so_and_changes_nothing(
    app: Application, kim: Person, fate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await reset_link(kim)
    at = clock.now() + timedelta(minutes={"replaced": 2, "too old": 60}.get(fate, 0))
    monkeypatch.setattr(clock, "now", lambda: at)
    if fate == "replaced":
        await reset_link(kim)
    if fate == "changed":
        await post(app, link)
    before = await everything()

    async with browser(app) as client:
        stale = "/reset/unknown" if fate == "unknown" else link
        answers = [await client.get(stale), await client.post(stale, data=SENT)]

    assert [(page.status_code, heading(page)) for page in answers] == [(410, OVER)] * 2
    assert await everything() == before


async def test_guesses_are_slowed_down(app: Application, kim: Person) -> None:
    await choose_question(kim, "Whose dog was it?", "Aunt Mary's")
    link = await reset_link(kim)

    pages = [await post(app, link, securityAnswer=f"guess {number}") for number in range(6)]

    assert [page.status_code for page in pages] == [422, 422, 422, 422, 422, 429]
    assert pages[-1].headers["retry-after"] == "30"
    assert alert(pages[-1]) == "Too many attempts. Try again in 30 s."


async def test_no_password_is_typed_without_https(app: Application, kim: Person) -> None:
    link = await reset_link(kim)
    before = await everything()

    async with browser(app, at="http://192.168.1.5:8000") as client:
        pages = [await client.get(link), await client.post(link, data=SENT)]

    assert [page.status_code for page in pages] == [200, 422]
    for page in pages:
        assert forms(page) == []
        assert "opened without HTTPS" in page.text
    assert await everything() == before


async def test_an_unknown_button_sets_nothing(app: Application, kim: Person) -> None:
    link = await reset_link(kim)
    before = await everything()

    page = await post(app, link, act="confirm")

    assert (page.status_code, alert(page)) == (422, "Use the button of this page.")
    assert await everything() == before
