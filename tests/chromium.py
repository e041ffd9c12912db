"""A real browser at a server that really listens, which reports everything that a page does wrong."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import uvicorn
from playwright.async_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    Response,
    async_playwright,
    expect,
)

from app.main import Application
from tests.stage import PASSWORD, Person, account_of, link_in
from tests.visitors import invited

CHROMIUM: Final = shutil.which("chromium") or shutil.which("google-chrome")
BASICS: Final = (Path(__file__).parent / "clients" / "basics.js").read_text()
QUIET: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@asynccontextmanager
async def served(app: Application) -> AsyncIterator[str]:
    """Serve an application that runs on a port of this machine; yields its address."""
    config = uvicorn.Config(
        app, port=0, log_config=None, lifespan="off", ws="none", timeout_graceful_shutdown=2
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()  # not `serve`, which would take the signals
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    yield f"http://{host}:{port}"
    await server.shutdown()


@asynccontextmanager
async def launched() -> AsyncIterator[Browser]:
    """Start the browser."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        await browser.close()


@asynccontextmanager
async def tab(browser: Browser) -> AsyncIterator[Page]:
    """Open a tab in a browser profile of its own, on which nothing may go wrong."""
    context = await browser.new_context()
    context.set_default_timeout(5_000)
    page = await context.new_page()
    wrong = watched(page)
    yield page
    await context.close()
    assert wrong == []


def watched(page: Page) -> list[str]:
    """Collect what goes wrong on a page: policy violations, script errors, files that are not there."""
    wrong: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        # What a page itself is answered with (422, 410) is told as an error, too.
        if message.type == "error" and "Failed to load resource" not in message.text:
            wrong.append(message.text)

    def look(response: Response) -> None:
        is_page = response.request.resource_type == "document"
        if response.status >= 400 and not is_page:
            wrong.append(f"{response.status} {response.url}")

    def fail(request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the tab went elsewhere, or was closed
            wrong.append(f"{request.failure} {request.url}")

    page.on("console", hear)
    page.on("response", look)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("requestfailed", fail)
    return wrong


async def missing(page: Page) -> list[str]:
    """Open everything on a page, and return what it lacks for people who cannot see it well."""
    await page.wait_for_load_state()
    for closed in reversed(await page.locator("details:not([open]) summary").all()):
        await closed.click()
    found: list[str] = await page.evaluate(BASICS)
    return found


async def registers(page: Page, password: str = PASSWORD) -> None:
    """Fill in the form that registers Bob, and send it."""
    await page.get_by_label("First name").fill("Bob")
    await page.get_by_label("Last name").fill("Example")
    await page.locator("#register-email").fill("bob@x.example")
    await page.get_by_label("New password").fill(password)
    await page.get_by_role("button", name="Register and join").click()


async def says(page: Page, heading: str) -> None:
    """Wait until a page says something first of all."""
    await expect(page.get_by_role("heading", level=1)).to_have_text(heading)


async def sign_in(page: Page, here: str, person: Person) -> None:
    """Sign somebody in, as if they had been here before."""
    await page.context.add_cookies([{"name": "keyfob", "value": person.token or "", "url": here}])


async def walk(page: Page, here: str, ann: Person) -> AsyncIterator[tuple[str, list[str]]]:
    """See every page once, with everything on it open; yields what it lacks."""
    await account_of(ann, "Verylongcompanynames" * 5)
    link = here + await invited(ann)
    await page.goto(link)
    yield "invite", await missing(page)
    await registers(page, "too short")
    await expect(page.get_by_role("alert")).to_be_visible()
    yield "trouble", await missing(page)
    await registers(page)
    await says(page, "You are in")
    yield "joined", await missing(page)
    await page.context.clear_cookies()
    await page.goto(link)
    yield "used", await missing(page)
    await sign_in(page, here, ann)
    await page.goto(here + await invited(ann, "kim@x.example"))
    yield "member", await missing(page)
    for name in ("invite/unknown", "tickets/tkt_01h455vb4pex5vsknk084sn02q"):
        await page.goto(f"{here}/{name}")
        yield name, await missing(page)
    verify = f"{here}/verify-email/{await link_in(ann.email, 'verify_email')}"
    await page.goto(verify)
    yield "verify", await missing(page)
    await page.get_by_role("button", name="Yes, confirm it").click()
    await says(page, "Your address is confirmed")
    yield "verified", await missing(page)
