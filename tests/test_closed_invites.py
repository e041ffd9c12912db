"""The page of an invite that cannot be accepted any more, and how it came to that."""

import re
from datetime import timedelta

import pytest

from app.kit import clock
from app.kit.settings import Settings
from app.main import Application, create_app
from models import (
    AuditAction,
    AuditEvent,
    Email,
    Invite,
    InviteStatus,
    Membership,
    MembershipStatus,
    Session,
    SessionStatus,
    User,
)
from tests.stage import Person, account_of, link_in, register
from tests.visitors import (
    BOB,
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

REVOKE = "mutation ($input: RevokeInviteInput!) { revokeInvite(input: $input) { errors { code } } }"


async def test_who_declines_is_told_so_and_the_inviter_too(
    app: Application, ann: Person, acme: str
) -> None:
    link = await invited(ann)

    async with browser(app) as bob:
        page = await bob.post(link, data={"act": "decline"})
        again = await bob.post(link, data={"act": "decline"})
        later = await bob.post(link, data={"act": "register", **BOB})

    assert (page.status_code, heading(page)) == (200, "You declined")
    for seen in (again, later):
        assert (seen.status_code, heading(seen)) == (410, "This invite was declined")
        assert forms(seen) == []
    assert (await Email.get(kind="invite_declined")).recipient == "ann@x.example"
    assert not await User.exists(email="bob@x.example")


async def test_an_invite_that_was_taken_back_says_so(
    app: Application, ann: Person, acme: str
) -> None:
    link = await invited(ann)
    await ann.does(REVOKE, inviteId=(await Invite.get()).id)

    async with browser(app) as bob:
        page = await bob.get(link)

    assert (page.status_code, heading(page)) == (410, "This invite was taken back")
    assert "Ask Ann Example for a new one" in plain(page.text)
    assert forms(page) == []


async def test_an_invite_that_has_expired_says_so(
    app: Application, ann: Person, acme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await invited(ann)
    before = await everything()
    later = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)

    async with browser(app) as bob:
        page = await bob.get(link)
        late = await bob.post(link, data={"act": "register", **BOB})

    for seen in (page, late):
        assert (seen.status_code, heading(seen)) == (410, "This invite has expired")
    assert await everything() == before


async def test_a_renewed_invite_leaves_the_older_link_invalid(
    app: Application, ann: Person, acme: str
) -> None:
    link = await invited(ann)
    await Invite.filter().update(secret_digest="0" * 64)

    async with browser(app) as bob:
        page = await bob.get(link)

    assert (page.status_code, heading(page)) == (404, "This link is not valid")


async def test_a_used_invite_lets_who_used_it_sign_in_and_nobody_else_join(
    app: Application, ann: Person, acme: str, eve: Person
) -> None:
    link = await invited(ann)
    async with browser(app) as bob:
        await bob.post(link, data={"act": "register", **BOB})

    async with browser(app) as bob:
        page = await bob.get(link)
        wrong = await bob.post(link, data=LOGIN | {"password": "guessing it"})
        right = await bob.post(link, data=LOGIN)
    async with browser(app, eve.token) as client:
        tried = await client.post(link, data={"act": "accept", "confirm": "yes"})

    for seen in (page, tried):
        assert (seen.status_code, heading(seen)) == (410, "This invite was accepted already")
        assert forms(seen) == ["login"]
    assert errors(wrong) == {"login-email": "The e-mail address or the password is wrong."}
    assert heading(right) == "You are a member already"
    assert await Membership.filter(account_id=acme).count() == 2
    assert await AuditEvent.filter(action=AuditAction.INVITE_ACCEPTED).count() == 1


async def test_a_suspended_member_is_told_whom_to_ask(
    app: Application, ann: Person, acme: str, bob: Person
) -> None:
    await Membership.filter(user_id=bob.id).update(status=MembershipStatus.SUSPENDED)

    async with browser(app, bob.token) as client:
        page = await client.get(f"/invite/{await link_in(bob.email, 'invite')}")

    assert "Your access to this account is suspended. Ask its owner." in plain(page.text)


async def test_a_session_that_ended_meanwhile_joins_nothing(
    app: Application, ann: Person, acme: str
) -> None:
    bob = await register(app, "Bob")
    link = await invited(ann)
    await Session.filter(user_id=bob.id).update(status=SessionStatus.REVOKED)

    async with browser(app, bob.token) as client:
        page = await client.post(link, data={"act": "accept"})

    assert (page.status_code, alert(page)) == (422, "Sign in first.")
    assert forms(page) == ["login", "register", "decline"]
    assert (await Invite.get()).status is InviteStatus.PENDING


@pytest.mark.parametrize(
    ("app_url", "onward"),
    [
        ("https://panel.example", "https://panel.example"),
        ("http://127.0.0.1", "/graphql"),
        (None, "/graphql"),
    ],
)
async def test_who_is_in_goes_on_to_the_front_end_if_there_is_one(
    settings: Settings, app_url: str | None, onward: str
) -> None:
    chosen = settings.model_copy(update={"app_url": app_url} if app_url else {})
    app = create_app(chosen, sends_mail=False)
    async with app.router.lifespan_context(app), browser(app) as bob:
        ann = await register(app, "Ann")
        await account_of(ann, "Acme")
        page = await bob.post(await invited(ann), data={"act": "register", **BOB})

    assert heading(page) == "You are in"
    assert re.findall(r'<a[^>]* href="(.*?)"', page.text) == [onward]
