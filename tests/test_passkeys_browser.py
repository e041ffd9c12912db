"""Passkeys in a real browser, with the authenticator that it has for tests."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.async_api import Browser, Error, Page, Route

from app.kit.settings import Settings
from app.main import Application
from models import AuditEvent, Passkey
from tests.authenticators import HERE
from tests.chromium import CHROMIUM, launched, served, watched
from tests.passkeys import (
    BEGIN_PROOF,
    BEGIN_SETUP,
    CONFIRM,
    LOGIN_WITH_PASSKEY,
    PASSKEYS,
    REMOVE,
    VERIFY_IDENTITY,
    proves_address,
    steps_up,
)
from tests.stage import Person

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")

CREATE = """async (options) => (await navigator.credentials.create({
  publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })).toJSON()"""
GET = """async (options) => (await navigator.credentials.get({
  publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })).toJSON()"""
ASK = """async ([body, token]) => (await fetch("/graphql", { method: "POST", body: JSON.stringify(body),
  headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) } })).json()"""
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@dataclass
class Tab:
    """A page of a front end, whose scripts ask the server and the authenticator."""

    page: Page
    token: str | None = None

    async def asks(self, query: str, **input: object) -> dict[str, Any]:
        """Send an operation, and return what its one field answers."""
        body = {"query": query, "variables": {"input": input}}
        answer = await self.page.evaluate(ASK, [body, self.token])
        assert "errors" not in answer, answer
        (payload,) = answer["data"].values()
        return payload  # type: ignore[no-any-return]

    async def adds(self, name: str) -> dict[str, Any]:
        """Make a passkey."""
        begun = await self.asks(BEGIN_SETUP)
        credential = await self.page.evaluate(CREATE, begun["options"])
        input = {"challengeId": begun["challengeId"], "credential": credential, "name": name}
        return await self.asks(CONFIRM, **input)

    async def proof(self) -> dict[str, Any]:
        """Let the authenticator answer a challenge."""
        begun = await self.asks(BEGIN_PROOF)
        credential = await self.page.evaluate(GET, begun["options"])
        return {"challengeId": begun["challengeId"], "credential": credential}


@pytest.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with launched() as browser:
        yield browser


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """As behind a proxy: pages see the server at its own address."""
    return settings.model_copy(update={"app_url": HERE, "allowed_origins": (HERE,)})


@pytest.fixture
async def tab(app: Application, chromium: Browser) -> AsyncIterator[Tab]:
    """A tab at the server's own address, with an authenticator, on which nothing may go wrong."""
    context = await chromium.new_context()
    page = await context.new_page()
    wrong = watched(page)
    async with served(app) as address:

        async def forward(route: Route) -> None:
            if route.request.resource_type == "document":
                await route.fulfill(body="<title>Front end</title>", content_type="text/html")
            else:
                url = route.request.url.replace(HERE, address)
                await route.fulfill(response=await route.fetch(url=url))

        await page.route(f"{HERE}/**", forward)
        await page.goto(HERE)
        devices = await context.new_cdp_session(page)
        await devices.send("WebAuthn.enable")
        await devices.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        yield Tab(page)
        await context.close()
    assert wrong == []


async def test_a_passkey_is_made_signs_in_steps_up_and_is_removed(ann: Person, tab: Tab) -> None:
    await proves_address(ann)
    await steps_up(ann)
    tab.token = ann.token
    made = await tab.adds("This browser")
    tab.token = None

    opened = await tab.asks(LOGIN_WITH_PASSKEY, proof=await tab.proof())
    tab.token = opened["sessionToken"]
    stepped = await tab.asks(VERIFY_IDENTITY, passkey=await tab.proof())
    tab.token = stepped["sessionToken"]
    (shown,) = (await tab.asks(PASSKEYS))["passkeys"]
    removed = await tab.asks(REMOVE, passkeyId=shown["id"])

    assert [each["errors"] for each in (made, opened, stepped, removed)] == [[]] * 4
    assert opened["me"] == {"email": ann.email}
    assert (shown["name"], shown["lastUsedAt"] is None) == ("This browser", False)
    assert removed["deletedId"] == shown["id"]
    assert await Passkey.all().count() == 0
    assert await AuditEvent.filter(action="IDENTITY_VERIFIED").count() == 2


async def test_a_browser_makes_one_passkey_for_a_user_and_uses_none_once_it_is_removed(
    ann: Person, tab: Tab
) -> None:
    await proves_address(ann)
    await steps_up(ann)
    tab.token = ann.token
    made = await tab.adds("This browser")

    with pytest.raises(Error, match="InvalidStateError"):
        await tab.adds("Again")
    await tab.asks(REMOVE, passkeyId=made["passkey"]["id"])
    tab.token = None
    refused = await tab.asks(LOGIN_WITH_PASSKEY, proof=await tab.proof())

    assert [error["code"] for error in refused["errors"]] == ["INVALID_CREDENTIALS"]
    assert await Passkey.all().count() == 0


async def test_a_page_of_another_name_cannot_use_the_passkey(tab: Tab) -> None:
    begun = await tab.asks(BEGIN_PROOF)

    async def lure(route: Route) -> None:
        await route.fulfill(body="<title>Win!</title>", content_type="text/html")

    await tab.page.route("http://evil.localhost:8000/**", lure)
    await tab.page.goto("http://evil.localhost:8000/")

    with pytest.raises(Error, match="SecurityError"):
        await tab.page.evaluate(GET, begun["options"])
