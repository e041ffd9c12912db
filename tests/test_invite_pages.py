"""Joining an account on the server's own page, as somebody with a browser and nothing else does."""

import asyncio

import pytest

from app.main import Application
from models import (
    AuditAction,
    AuditEvent,
    Invite,
    InviteStatus,
    Membership,
    MembershipStatus,
    Session,
    User,
)
from tests.stage import Person, register
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

ME = "{ me { email emailVerifiedAt accountContext { account { name } } } }"


async def test_the_page_says_who_invites_whom_to_do_what(
    app: Application, ann: Person, acme: str
) -> None:
    link = await invited(
        ann, permissions=["TICKETS", "INVOICES"], membershipExpiresAt="2099-05-01T12:00:00Z"
    )

    async with browser(app) as bob:
        page = await bob.get(link)

    said = " ".join(plain(page.text).split())
    assert "Ann Example invites b•••@x.example to work in the account Acme." in said
    assert "See and pay invoices Open, read and answer support tickets" in said
    assert "Your access will end on 1 May 2099, 12:00 UTC." in said
    assert "bob@x.example" not in page.text
    assert forms(page) == ["register", "login", "decline"]


async def test_bob_registers_and_is_in(app: Application, ann: Person, acme: str) -> None:
    link = await invited(ann)

    async with browser(app) as bob:
        page = await bob.post(
            link,
            data={"act": "register", **BOB},
            headers={"accept-language": "fr, de-AT;q=0.9, en"},
        )
        again = await bob.get(link)
        me = await bob.post("/graphql", json={"query": ME})

    assert heading(page) == "You are in"
    assert plain(page.text).count("You are a member of Acme now, signed in as Bob Example") == 1
    assert page.history[0].status_code == 303
    assert page.history[0].headers["set-cookie"].endswith("; Path=/; HttpOnly; SameSite=Lax")
    assert heading(again) == "You are a member already"
    assert me.json()["data"]["me"]["accountContext"] == {"account": {"name": "Acme"}}
    user = await User.get(email="bob@x.example")
    assert user.email_verified_at is not None
    assert user.locale == "de"


async def test_who_can_sign_in_already_is_asked_that_first(
    app: Application, ann: Person, acme: str
) -> None:
    await register(app, "Bob")
    link = await invited(ann)

    async with browser(app) as bob:
        page = await bob.get(link)
        joined = await bob.post(link, data=LOGIN | {"remember": "yes"})

    assert forms(page) == ["login", "register", "decline"]
    assert heading(joined) == "You are in"
    session, device = joined.history[0].headers.get_list("set-cookie")
    assert session.endswith("; Max-Age=1209600")
    assert device.startswith("keyfob-device=")
    assert (await Membership.get(user__email="bob@x.example")).status is MembershipStatus.ACTIVE


async def test_who_is_signed_in_needs_one_button(app: Application, ann: Person, acme: str) -> None:
    bob = await register(app, "Bob")
    link = await invited(ann)

    async with browser(app, bob.token) as client:
        page = await client.get(link)
        joined = await client.post(link, data={"act": "accept"})

    assert forms(page)[0] == "accept"
    assert heading(joined) == "You are in"
    assert "set-cookie" not in joined.history[0].headers
    assert await Session.filter(user_id=bob.id).count() == 1


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"password": "short"}, "register-password", "Use at least 12 characters."),
        (
            {"password": "bob@x.example!"},
            "register-password",
            "Leave your name, your address and Keyfob out of it.",
        ),
        ({"firstName": " "}, "register-firstName", "Write at least one visible character."),
        (
            {"lastName": "E\u202eX"},
            "register-lastName",
            "Leave out the invisible character U+202E.",
        ),
        (
            {"email": "ann@x.example"},
            "register-email",
            "There is a user with this address already. Sign in instead.",
        ),
        ({"email": "bob"}, "register-email", None),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    app: Application, ann: Person, acme: str, typed: dict[str, str], field: str, said: str | None
) -> None:
    link = await invited(ann)
    before = await everything()

    async with browser(app) as bob:
        page = await bob.post(link, data={"act": "register", **BOB, **typed})

    sent = BOB | typed
    assert page.status_code == 422
    assert list(errors(page)) == [field]
    assert alert(page) == errors(page)[field]
    assert said in {None, alert(page)}
    assert f'value="{sent["email"]}"' in page.text
    assert sent["password"] not in page.text.replace(sent["email"], "")
    assert "set-cookie" not in page.headers
    assert await everything() == before


async def test_a_wrong_password_lets_nobody_in(app: Application, ann: Person, acme: str) -> None:
    bob = await register(app, "Bob")
    link = await invited(ann)

    async with browser(app) as client:
        page = await client.post(link, data=LOGIN | {"password": "not this one"})

    assert errors(page) == {"login-email": "The e-mail address or the password is wrong."}
    assert "not this one" not in page.text
    assert "set-cookie" not in page.headers
    assert (await Invite.get()).status is InviteStatus.PENDING
    assert await Session.filter(user_id=bob.id).count() == 1
    assert await Membership.filter(user_id=bob.id).count() == 0


async def test_two_clicks_are_one(app: Application, ann: Person, acme: str) -> None:
    link = await invited(ann)

    async with browser(app) as bob:
        pages = await asyncio.gather(
            *(bob.post(link, data={"act": "register", **BOB}) for _ in range(2))
        )
        third = await bob.post(link, data={"act": "accept"})

    assert {heading(page) for page in pages} == {"You are in", "You are a member already"}
    assert heading(third) == "You are a member already"
    assert await User.filter(email="bob@x.example").count() == 1
    assert await AuditEvent.filter(action=AuditAction.INVITE_ACCEPTED).count() == 1


async def test_who_was_let_in_already_gets_nothing_more(
    app: Application, ann: Person, acme: str, bob: Person
) -> None:
    link = await invited(ann, "new@x.example", permissions=["INVOICES"])

    async with browser(app, bob.token) as client:
        page = await client.get(link)
        accepted = await client.post(link, data={"act": "accept", "confirm": "yes"})
    async with browser(app) as client:
        signed = await client.post(link, data=LOGIN | {"confirm": "yes"})

    for seen in (page, accepted, signed):
        assert "You are a member of this account already" in plain(seen.text)
        assert forms(seen) == ["register", "login", "decline"]
    (permission,) = (await Membership.get(account_id=acme, user_id=bob.id)).granted
    assert permission == "TICKETS"
    assert (await Invite.get(email="new@x.example")).status is InviteStatus.PENDING
