"""Whose mailbox it is: what looks like another's address is not theirs, and gets none of their mail."""

import pytest

from app.main import Application
from models import Email, Invite, User
from tests.stage import INVITE, LOGIN, PASSWORD, REGISTER, Person, register
from tests.test_recovery import REQUEST

KIM = "kim@x.example"
LIKE_KIM = {
    "Kelvin sign": "\u212aim@x.example",
    "dotless i": "k\u0131m@x.example",
    "dotted capital I": "K\u0130M@x.example",
    "full width": "\uff4b\uff49\uff4d@x.example",
    "full-width domain": "kim@\uff58.example",
    "trailing zero width": "kim@x.example\u200b",
    "zero width inside": "ki\u200bm@x.example",
    "soft hyphen": "ki\u00adm@x.example",
}
NAMES = {"password": PASSWORD, "firstName": "Kim", "lastName": "Other"}


async def mail_to_kim() -> int:
    """Count the mail that went to Kim's mailbox."""
    return await Email.filter(recipient=KIM).count()


@pytest.fixture
async def kim(app: Application) -> Person:
    """Kim has an address that others come close to."""
    return await register(app, "Kim")


@pytest.mark.parametrize("email", LIKE_KIM.values(), ids=LIKE_KIM)
async def test_a_reset_for_what_looks_like_an_address_mails_nobody(kim: Person, email: str) -> None:
    before = await Email.all().count()

    assert (await Person(kim.app).does(REQUEST, email=email))["errors"] == []

    assert await Email.all().count() == before


@pytest.mark.parametrize("email", LIKE_KIM.values(), ids=LIKE_KIM)
async def test_who_registers_with_what_looks_like_an_address_is_another_or_nobody(
    kim: Person, email: str
) -> None:
    before = await mail_to_kim()

    payload = await Person(kim.app).does(REGISTER, email=email, **NAMES)

    if payload["errors"]:
        assert [(no["code"], no["path"]) for no in payload["errors"]] == [
            ("INVALID_INPUT", ["email"])
        ]
        assert await User.all().count() == 1
    else:
        assert payload["me"]["user"]["id"] != kim.id
        assert await Email.filter(recipient=email, kind="verify_email").count() == 1
    assert await mail_to_kim() == before
    wrong = await Person(kim.app).does(LOGIN, email=email, password="another horse battery")
    assert [error["code"] for error in wrong["errors"]] == ["INVALID_CREDENTIALS"]


@pytest.mark.parametrize("email", LIKE_KIM.values(), ids=LIKE_KIM)
async def test_an_invite_for_what_looks_like_an_address_is_not_theirs(
    kim: Person, ann: Person, acme: str, email: str
) -> None:
    before = await mail_to_kim()

    payload = await ann.does(INVITE, email=email, permissions=["TICKETS"])

    if payload["errors"]:
        assert [error["code"] for error in payload["errors"]] == ["INVALID_INPUT"]
        assert await Invite.all().count() == 0
    else:
        assert (await Invite.get()).email_key != KIM
        assert [mail.recipient for mail in await Email.filter(kind="invite")] == [email]
    assert await mail_to_kim() == before


async def test_tags_and_dots_are_three_mailboxes_of_three_users(app: Application) -> None:
    emails = ("kim.o@x.example", "kim.o+list@x.example", "kimo@x.example")

    payloads = [await Person(app).does(REGISTER, email=email, **NAMES) for email in emails]

    assert [payload["errors"] for payload in payloads] == [[], [], []]
    assert len({payload["me"]["user"]["id"] for payload in payloads}) == 3
    told = {mail.recipient for mail in await Email.filter(kind="verify_email")}
    assert told == set(emails)
