"""The browser of the tests notices what goes wrong."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, Route

from tests.chromium import CHROMIUM, launched, watched

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


async def test_a_breach_of_a_policy_is_noticed(chromium: Browser) -> None:
    context = await chromium.new_context()
    page = await context.new_page()
    wrong = watched(page)

    async def bad(route: Route) -> None:
        if route.request.resource_type == "document":
            body = (
                "<style>b{}</style><script>1</script><img src=/no><link rel=stylesheet href=/gone>"
            )
            policy = "default-src 'none'; img-src 'self'; style-src 'self'"
            headers = {"content-security-policy": policy, "content-type": "text/html"}
            await route.fulfill(body=body, headers=headers)
        elif route.request.url.endswith("/no"):
            await route.fulfill(status=404)
        else:
            await route.abort("connectionrefused")

    await page.route("http://bad.example/**", bad)
    await page.goto("http://bad.example/")
    await context.close()

    said = "\n".join(wrong)
    assert said.count("Content Security Policy") == 2
    assert "404 http://bad.example/no" in wrong
    assert "net::ERR_CONNECTION_REFUSED http://bad.example/gone" in wrong
