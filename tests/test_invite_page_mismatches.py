"""Joining on the server's own page under another address than was invited."""

from app.main import Application
from models import (
    Account,
    Email,
    InviteEmailMatch,
    Membership,
    User,
)
from tests.stage import PASSWORD, Person, register
from tests.visitors import (
    BOB,
    LOGIN,
    alert,
    browser,
    errors,
    forms,
    heading,
    invited,
    plain,
)


async def test_another_address_joins_only_after_saying_so(
    app: Application, ann: Person, acme: str, eve: Person
) -> None:
    link = await invited(ann)

    async with browser(app, eve.token) as client:
        page = await client.get(link)
        untold = await client.post(link, data={"act": "accept"})
        before = await Membership.filter(user_id=eve.id, account_id=acme).count()
        joined = await client.post(link, data={"act": "accept", "confirm": "yes"})

    assert "You are signed in" in plain(page.text)
    assert "The invite was sent to another address, b•••@x.example." in plain(page.text)
    assert errors(untold) == {
        "accept-confirm": "This invite was sent to b•••@x.example, and you are eve@x.example. "
        "Tick the box to join all the same."
    }
    assert before == 0
    assert heading(joined) == "You are in"
    mail = await Email.get(kind="invite_accepted_by_other_address")
    assert mail.recipient == "ann@x.example"
    assert (await User.get(email="eve@x.example")).email_verified_at is None


async def test_who_registers_with_another_address_is_asked_to_confirm(
    app: Application, ann: Person, acme: str
) -> None:
    link = await invited(ann)
    rob = {"act": "register", **BOB, "email": "rob@x.example"}

    async with browser(app) as client:
        untold = await client.post(link, data=rob)
        users = await User.filter(email="rob@x.example").count()
        joined = await client.post(link, data=rob | {"confirm": "yes"})

    assert list(errors(untold)) == ["register-confirm"]
    assert users == 0
    assert heading(joined) == "You are in"


async def test_no_other_address_joins_where_the_account_forbids_it(
    app: Application, ann: Person, acme: str, eve: Person
) -> None:
    await Account.filter(id=acme).update(invite_email_match=InviteEmailMatch.REQUIRED)
    link = await invited(ann)

    async with browser(app, eve.token) as client:
        page = await client.get(link)
        pushed = await client.post(link, data={"act": "accept", "confirm": "yes"})
        login = {"act": "login", "email": eve.email, "password": PASSWORD, "confirm": "yes"}
        signed = await client.post(link, data=login)

    assert forms(page) == ["register", "login", "decline"]
    assert "Only that address may accept it." in plain(page.text)
    told = "This invite was sent to b•••@x.example, and you are eve@x.example."
    assert (alert(pushed), errors(pushed)) == (told, {})
    assert errors(signed) == {"login-email": told}
    assert await Membership.filter(account_id=acme, user_id=eve.id).count() == 0


async def test_somebody_else_at_the_same_browser_signs_in_as_themselves(
    app: Application, ann: Person, acme: str, eve: Person
) -> None:
    bob = await register(app, "Bob")
    link = await invited(ann)

    async with browser(app, eve.token) as client:
        joined = await client.post(link, data=LOGIN)

    assert plain(joined.text).count("signed in as Bob Example") == 1
    assert await Membership.filter(account_id=acme, user_id=bob.id).count() == 1
    assert await Membership.filter(account_id=acme, user_id=eve.id).count() == 0
