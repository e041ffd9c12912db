"""Resetting, unlocking and moving to another address in a real browser, with a keyboard and on a small screen."""

import re
from collections.abc import AsyncIterator
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, expect

from app.main import Application
from models import User
from tests.chromium import CHROMIUM, launched, missing, says, served, tab
from tests.locking import knock, lock_out
from tests.recovering import (
    change_link,
    choose_question,
    enrol,
    next_code,
    reset_link,
    settled,
)
from tests.stage import PASSWORD, Person

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
NEW = "quite another horse battery"


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


@pytest.fixture
async def here(app: Application) -> AsyncIterator[str]:
    async with served(app) as address:
        yield address


@pytest.fixture
async def page(chromium: Browser, here: str) -> AsyncIterator[Page]:
    """A tab in a browser of its own, on which nothing may go wrong."""
    async with tab(chromium) as opened:
        yield opened


@pytest.fixture
async def kim(app: Application) -> Person:
    """Kim has a question and a second factor."""
    person = await settled(app, "Kim")
    await choose_question(person, "Whose dog was it?", "Aunt Mary's")
    return person


async def test_kim_sets_a_new_password_with_nothing_but_a_keyboard(
    page: Page, here: str, kim: Person
) -> None:
    secret, _ = await enrol(kim)
    await page.goto(here + await reset_link(kim))
    keyboard = page.keyboard

    await keyboard.press("Tab")
    await expect(page.get_by_label("New password")).to_be_focused()
    await keyboard.type("too short")
    await keyboard.press("Tab")
    await keyboard.type("Aunt Mary's")
    await keyboard.press("Tab")
    await keyboard.type(next_code(secret))
    await keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_focused()
    await keyboard.press("Tab")
    await keyboard.press("Enter")
    await expect(page.get_by_label("New password")).to_be_focused()
    for typed in (NEW, "Aunt Mary's", next_code(secret)):
        await keyboard.type(typed)
        await keyboard.press("Tab")
    await keyboard.press("Enter")

    await says(page, "Your new password is set")
    assert await page.context.cookies() == []
    await page.reload()
    await says(page, "This link is no longer valid: ask for a new one")


async def test_each_field_says_what_it_wants_and_what_was_wrong(
    page: Page, here: str, kim: Person
) -> None:
    await enrol(kim)
    await page.goto(here + await reset_link(kim))
    answer = page.get_by_label("Answer to your security question")
    code = page.get_by_label("Code of your second factor")

    await expect(answer).to_have_accessible_description("Whose dog was it?")
    await expect(code).to_have_attribute("autocomplete", "one-time-code")
    await page.get_by_label("New password").fill(NEW)
    await answer.fill("mine")
    await code.fill("000000")
    await page.get_by_role("button", name="Set the password").click()

    await expect(answer).to_have_accessible_description(
        re.compile(r"Whose dog was it\? Error: This is not the answer")
    )
    await expect(answer).to_have_attribute("aria-invalid", "true")
    for field in (answer, code, page.get_by_label("New password")):
        await expect(field).to_have_value("")


async def test_without_scripts_a_password_is_reset(
    chromium: Browser, here: str, kim: Person
) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(here + await reset_link(kim))

    await page.get_by_label("New password").fill(NEW)
    await page.get_by_label("Answer to your security question").fill("aunt mary's")
    await page.get_by_role("button", name="Set the password").click()

    await says(page, "Your new password is set")
    await context.close()


async def test_a_sign_in_is_unlocked_with_nothing_but_a_keyboard(
    page: Page, here: str, kim: Person
) -> None:
    await page.goto(here + await lock_out(kim))
    assert await knock(kim, PASSWORD) == ["LOCKED_OUT"]

    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Yes, unlock it")).to_be_focused()
    await page.keyboard.press("Enter")

    await says(page, "Your sign-in is unlocked")
    assert await knock(kim, PASSWORD) == []


async def test_kim_moves_to_another_address_with_a_code_of_her_app(
    page: Page, here: str, kim: Person
) -> None:
    secret, _ = await enrol(kim)
    await page.goto(here + await change_link(kim, "kim@new.example"))
    button = page.get_by_role("button", name="Sign in and confirm")

    await page.get_by_label("E-mail address").fill(kim.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await button.click()
    await expect(page.get_by_label("E-mail address")).to_have_value(kim.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_label("Code of your second factor").fill(next_code(secret))
    await button.click()

    await says(page, "Your address is confirmed")
    assert (await User.get(id=kim.id)).email == "kim@new.example"


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everybody_can_read_and_use_every_page(
    page: Page, here: str, kim: Person, width: int, scheme: Literal["light", "dark"]
) -> None:
    await page.set_viewport_size({"width": width, "height": 700})
    await page.emulate_media(color_scheme=scheme)

    lacking = {name: found async for name, found in walk(page, here, kim) if found}

    assert lacking == {}


async def walk(page: Page, here: str, kim: Person) -> AsyncIterator[tuple[str, list[str]]]:
    """See every page once, with everything on it open; yields what it lacks."""
    secret, _ = await enrol(kim)
    await page.goto(here + await lock_out(kim))
    yield "unlock", await missing(page)
    await page.get_by_role("button").click()
    await says(page, "Your sign-in is unlocked")
    yield "unlocked", await missing(page)
    await page.goto(here + await change_link(kim, "kim@new.example"))
    await page.get_by_label("E-mail address").fill(kim.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in and confirm").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    yield "code", await missing(page)
    await page.goto(here + await reset_link(kim))
    yield "reset", await missing(page)
    await page.get_by_label("New password").fill("too short")
    await page.get_by_label("Answer").fill("Aunt Mary's")
    await page.get_by_label("Code").fill("000000")
    await page.get_by_role("button").click()
    await expect(page.get_by_role("alert")).to_be_visible()
    yield "trouble", await missing(page)
    await page.get_by_label("New password").fill(NEW)
    await page.get_by_label("Answer").fill("Aunt Mary's")
    await page.get_by_label("Code").fill(next_code(secret))
    await page.get_by_role("button").click()
    await says(page, "Your new password is set")
    yield "done", await missing(page)
    for name in ("reset", "unlock"):
        await page.goto(f"{here}/{name}/unknown")
        yield f"{name} over", await missing(page)
