"""Opening a locked sign-in on the server's own page."""

from datetime import timedelta

import pytest

from app.kit import clock
from app.main import Application
from models import AuditAction, AuditEvent
from tests.locking import knock, lock_out
from tests.recovering import settled
from tests.stage import PASSWORD, Person
from tests.visitors import alert, browser, everything, forms, heading

OVER = "This link is no longer valid: ask for a new one"


@pytest.fixture
async def kim(app: Application) -> Person:
    """Kim, whose password is no secret to her."""
    return await settled(app, "Kim")


@pytest.fixture
async def link(kim: Person) -> str:
    """Somebody has guessed a hundred times: the path that her mail leads to."""
    return await lock_out(kim)


async def test_one_button_opens_the_sign_in(app: Application, kim: Person, link: str) -> None:
    locked = await knock(kim, PASSWORD)

    async with browser(app) as client:
        page = await client.get(link)
        done = await client.post(link, data={"act": "unlock"})

    assert locked == ["LOCKED_OUT"]
    assert (page.status_code, heading(page), forms(page)) == (
        200,
        "Unlock your sign-in",
        ["unlock"],
    )
    assert (done.status_code, heading(done)) == (200, "Your sign-in is unlocked")
    assert await knock(kim, PASSWORD) == []
    assert await AuditEvent.filter(action=AuditAction.USER_UNLOCKED).count() == 1


async def test_the_link_works_once(app: Application, kim: Person, link: str) -> None:
    async with browser(app) as client:
        await client.post(link, data={"act": "unlock"})
        before = await everything()
        again = [await client.get(link), await client.post(link, data={"act": "unlock"})]

    assert [(page.status_code, heading(page)) for page in again] == [(410, OVER)] * 2
    assert "If you have used it already, you can sign in." in again[0].text
    assert await everything() == before


@pytest.mark.parametrize("fate", ["unknown", "too old"])
async def test_a_link_that_is_over_opens_nothing(
    app: Application, kim: Person, link: str, fate: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fate == "too old":
        later = clock.now() + timedelta(hours=24)
        monkeypatch.setattr(clock, "now", lambda: later)
    before = await everything()

    async with browser(app) as client:
        stale = "/unlock/unknown" if fate == "unknown" else link
        pages = [await client.get(stale), await client.post(stale, data={"act": "unlock"})]

    assert [(page.status_code, heading(page)) for page in pages] == [(410, OVER)] * 2
    assert await everything() == before


async def test_an_unknown_button_opens_nothing(app: Application, kim: Person, link: str) -> None:
    before = await everything()

    async with browser(app) as client:
        page = await client.post(link, data={"act": "confirm"})

    assert (page.status_code, alert(page)) == (422, "Use the button of this page.")
    assert await everything() == before
