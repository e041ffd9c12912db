"""The server's own pages in a real browser, used by people with a mouse, a keyboard, a small screen."""

import re
from collections.abc import AsyncIterator
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, Route, expect

from app.main import Application
from models import Invite, InviteStatus, Membership, User
from tests.chromium import CHROMIUM, launched, registers, says, served, sign_in, tab, walk
from tests.stage import PASSWORD, Person, link_in, register
from tests.visitors import everything, invited

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")


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


async def test_bob_registers_through_the_page_and_is_in(
    page: Page, here: str, ann: Person, acme: str
) -> None:
    await page.goto(here + await invited(ann))

    await registers(page, "too short")
    await expect(page.get_by_role("alert")).to_be_focused()
    await expect(page.get_by_label("New password")).to_have_accessible_description(
        re.compile("Use at least 12 characters")
    )
    await expect(page.get_by_label("New password")).to_have_value("")
    await expect(page.get_by_label("First name")).to_have_value("Bob")
    await page.get_by_label("New password").fill(PASSWORD)
    await page.get_by_role("button", name="Register and join").click()

    await says(page, "You are in")
    (cookie,) = await page.context.cookies()
    assert (cookie.get("name"), cookie.get("httpOnly"), cookie.get("sameSite")) == (
        "keyfob",
        True,
        "Lax",
    )
    await page.reload()
    await says(page, "You are in")
    assert await Membership.filter(user__email="bob@x.example", account_id=acme).count() == 1


async def test_bob_signs_in_with_nothing_but_a_keyboard(
    app: Application, page: Page, here: str, ann: Person, acme: str
) -> None:
    await register(app, "Bob")
    await page.goto(here + await invited(ann))

    keyboard = page.keyboard
    await keyboard.press("Tab")
    await expect(page.locator("#login-email")).to_be_focused()
    outline = await page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
    await keyboard.type("bob@x.example")
    await keyboard.press("Tab")
    await keyboard.type(PASSWORD)
    await keyboard.press("Tab")
    await keyboard.press("Space")
    await keyboard.press("Enter")

    await says(page, "You are in")
    assert outline == "3px"
    cookie = next(each for each in await page.context.cookies() if each.get("name") == "keyfob")
    assert cookie.get("expires", 0) > 0  # the box that the blank ticked


async def test_without_scripts_everything_works(
    chromium: Browser, here: str, ann: Person, acme: str
) -> None:
    context = await chromium.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(here + await invited(ann))

    await registers(page)

    await says(page, "You are in")
    await context.close()


async def test_a_double_click_joins_once(page: Page, here: str, ann: Person, acme: str) -> None:
    bob = "bob@x.example"
    await page.goto(here + await invited(ann))
    await page.get_by_label("First name").fill("Bob")
    await page.get_by_label("Last name").fill("Example")
    await page.locator("#register-email").fill(bob)
    await page.get_by_label("New password").fill(PASSWORD)

    await page.get_by_role("button", name="Register and join").dblclick(no_wait_after=True)

    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_have_text(re.compile("You are in|You are a member already"))
    assert await User.filter(email=bob).count() == 1
    assert await Membership.filter(account_id=acme).count() == 2


async def test_eve_ticks_a_box_to_join_under_her_own_address(
    page: Page, here: str, ann: Person, acme: str, eve: Person
) -> None:
    await sign_in(page, here, eve)
    await page.goto(here + await invited(ann))
    button = page.get_by_role("button", name="Accept and join")

    await button.click()
    await expect(page.locator("#accept-confirm")).to_be_focused()
    assert (await Invite.get()).status is InviteStatus.PENDING
    await page.locator("#accept-confirm").check()
    await button.click()

    await says(page, "You are in")


async def test_declining_is_one_button(page: Page, here: str, ann: Person, acme: str) -> None:
    await page.goto(here + await invited(ann))

    await page.get_by_role("button", name="Decline").click()

    await says(page, "You declined")
    assert (await Invite.get()).status is InviteStatus.DECLINED


async def test_an_address_is_confirmed_in_a_browser(
    app: Application, page: Page, here: str
) -> None:
    bob = await register(app, "Bob")
    await page.goto(f"{here}/verify-email/{await link_in(bob.email, 'verify_email')}")

    await page.get_by_label("E-mail address").fill(bob.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in and confirm").click()

    await says(page, "Your address is confirmed")
    assert (await User.get(id=bob.id)).email_verified_at is not None


async def test_another_site_cannot_post_for_its_visitor(
    page: Page, here: str, ann: Person, acme: str, eve: Person
) -> None:
    link = here + await invited(ann, eve.email)
    await sign_in(page, here, eve)
    form = f'<form method="post" action="{link}"><button name="act" value="accept">Win!</button></form>'

    async def lure(route: Route) -> None:
        await route.fulfill(body=form, content_type="text/html")

    await page.route("http://evil.example/", lure)
    before = await everything()
    await page.goto("http://evil.example/")
    await page.get_by_role("button").click()

    await says(page, "That did not work")
    await expect(page.get_by_text("a page of another site")).to_be_visible()
    assert await everything() == before


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_everybody_can_read_and_use_every_page(
    page: Page, here: str, ann: Person, width: int, scheme: Literal["light", "dark"]
) -> None:
    await page.set_viewport_size({"width": width, "height": 700})
    await page.emulate_media(color_scheme=scheme)

    lacking = {name: found async for name, found in walk(page, here, ann) if found}

    assert lacking == {}
