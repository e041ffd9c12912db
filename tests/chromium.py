"""A real browser at a server that really listens, which reports everything that a page does wrong."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import uvicorn
from playwright.async_api import Browser, ConsoleMessage, Page, Request, Response, async_playwright

from app.main import Application

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
    for closed in reversed(await page.locator("details:not([open]) summary").all()):
        await closed.click()
    found: list[str] = await page.evaluate(BASICS)
    return found
