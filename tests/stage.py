"""The stage: the whole application on a fresh database, and people who ask it things over HTTP."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from app.kit import clock
from app.main import Application
from models import Email

PASSWORD = "correct horse battery"  # nobody's
REGISTER = """mutation ($input: RegisterInput!) { register(input: $input) {
  sessionToken me { id user { id } } errors { code path message } } }"""
LOGIN = """mutation ($input: LoginInput!) { login(input: $input) {
  sessionToken me { id email } session { pendingSteps } errors { code path } } }"""
CREATE_ACCOUNT = """mutation ($input: CreateAccountInput!) { createAccount(input: $input) {
  account { id name } errors { code path message } } }"""
INVITE = """mutation ($input: InviteUserInput!) { inviteUser(input: $input) {
  invite { id email permissions status sentCount }
  errors { code path message ... on PermissionError { requires }
    ... on RateLimitedError { retryAfterSeconds } } } }"""
ACCEPT = """mutation ($input: AcceptInviteInput!) { acceptInvite(input: $input) {
  membership { id permissions status isOwner } account { id name } sessionToken me { email emailVerifiedAt }
  errors { code path message
    ... on InviteEmailMismatchError { maskedEmail viewerEmail canConfirm } } } }"""
OPEN_TICKET = """mutation ($input: OpenTicketInput!) { openTicket(input: $input) {
  ticket { id number status } errors { code path message } } }"""
REPLY = """mutation ($input: ReplyToTicketInput!) { replyToTicket(input: $input) {
  message { id body badge { relationship label } } ticket { status } errors { code path } } }"""
ANSWER = """mutation ($input: AnswerTicketInput!) { answerTicket(input: $input) {
  message { id internal badge { relationship } } ticket { status } errors { code path } } }"""
DEPARTMENTS = "{ departments { id name } }"


@dataclass
class Person:
    """Somebody with a browser of their own; `asks` insists on an answer without errors, `tries` does not."""

    app: Application
    name: str = "Nobody"
    token: str | None = None
    id: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def email(self) -> str:
        """Where mail reaches them."""
        return f"{self.name.lower()}@x.example"

    async def tries(self, query: str, **variables: object) -> dict[str, Any]:
        """Send an operation, and return the whole answer."""
        return (await self.sends(query, **variables)).json()  # type: ignore[no-any-return]

    async def sends(self, query: str, **variables: object) -> httpx2.Response:
        """Send an operation, and return the response."""
        headers = dict(self.headers)
        if self.token is not None:
            headers["authorization"] = f"Bearer {self.token}"
        transport = httpx2.ASGITransport(app=self.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            body = {"query": query, "variables": variables}
            return await client.post("/graphql", json=body, headers=headers)

    async def asks(self, query: str, **variables: object) -> dict[str, Any]:
        """Send an operation that must succeed, and return its data."""
        answer = await self.tries(query, **variables)
        assert "errors" not in answer, answer
        return answer["data"]  # type: ignore[no-any-return]

    async def does(self, mutation: str, **input: object) -> dict[str, Any]:
        """Send a mutation that takes an input, and return its payload."""
        data = await self.asks(mutation, input=input)
        (payload,) = data.values()
        return payload  # type: ignore[no-any-return]

    def at(self, account_id: str) -> "Person":
        """Open a tab that names an account in each request."""
        return Person(self.app, self.name, self.token, self.id, {"x-account-id": account_id})


async def register(app: Application, name: str) -> Person:
    """Bring somebody on stage."""
    person = Person(app, name)
    names = {"firstName": name, "lastName": "Example"}
    payload = await person.does(REGISTER, email=person.email, password=PASSWORD, **names)
    assert payload["errors"] == []
    person.token, person.id = payload["sessionToken"], payload["me"]["user"]["id"]
    return person


async def sign_in(app: Application, name: str) -> Person:
    """Sign in on another device."""
    person = Person(app, name)
    payload = await person.does(LOGIN, email=person.email, password=PASSWORD)
    assert payload["errors"] == []
    person.token = payload["sessionToken"]
    return person


async def account_of(owner: Person, name: str) -> str:
    """Make an account, and name it."""
    payload = await owner.does(CREATE_ACCOUNT, name=name, email="office@x.example")
    assert payload["errors"] == []
    return payload["account"]["id"]  # type: ignore[no-any-return]


async def letter_to(email: str, kind: str) -> Email:
    """Find the latest mail of a kind to an address."""
    mails = Email.filter(recipient=email, kind=kind).order_by("-created_at", "-id")
    found = await mails.first()
    assert found is not None
    return found


async def link_in(email: str, kind: str) -> str:
    """Return the secret in the link of the latest mail of a kind to an address."""
    mail = await letter_to(email, kind)
    found = re.search(
        r"^http\S+/(?:invite|verify-email|reset|unlock)/(\S+)$", mail.body_text, re.MULTILINE
    )
    assert found is not None, mail.body_text
    return found[1]


async def join(owner: Person, guest: Person, account_id: str, *permissions: str) -> str:
    """Let somebody into an account by invite, and name their membership."""
    input = {"accountId": account_id, "email": guest.email, "permissions": permissions}
    payload = await owner.does(INVITE, **input)
    assert payload["errors"] == []
    token = await link_in(guest.email, "invite")
    joined = await guest.does(ACCEPT, token=token)
    assert joined["errors"] == []
    return joined["membership"]["id"]  # type: ignore[no-any-return]


def wait_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a minute pass."""
    move_clock(monkeypatch, minutes=1)


def move_clock(monkeypatch: pytest.MonkeyPatch, *, minutes: int = 0, days: int = 0) -> None:
    """Let time pass, and a second more: every module asks one clock."""
    real, passed = clock.now, timedelta(days=days, minutes=minutes, seconds=1)
    monkeypatch.setattr(clock, "now", lambda: real() + passed)
