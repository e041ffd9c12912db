"""Squatters: whoever registers with another's address keeps nothing once its owner comes."""

from collections.abc import Awaitable, Callable

import pytest

from app.main import Application
from models import Device, Link, Passkey, RecoveryCode, Session, User
from tests.identity import BEGIN, ME, step_up
from tests.recovering import MOVE, choose_question, enrol, reset_link
from tests.stage import LOGIN, PASSWORD, Person, link_in, register
from tests.test_recovery import RESET

NEW = "a wholly other horse"
DEVICE = LOGIN.replace("sessionToken", "sessionToken deviceToken")
PASSKEY = "mutation { beginPasskeySetup { errors { code } } }"
VERIFY = (
    """mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { errors { code } } }"""
)

Trick = Callable[[Person], Awaitable[object]]


async def keep_an_app(squatter: Person) -> object:
    """Set two-factor sign-in up, and begin once more."""
    await enrol(squatter)
    return await squatter.asks(BEGIN)


async def keep_a_question(squatter: Person) -> None:
    """Set a question that only the squatter can answer."""
    await choose_question(squatter, "Whose is it?", "mine")


async def keep_an_address(squatter: Person) -> object:
    """Have another address on its way, with its link at hand."""
    return await squatter.does(MOVE, email="squatter@x.example")


async def keep_a_device(squatter: Person) -> object:
    """Be known on a device, and signed in on another."""
    login = {"email": squatter.email, "password": PASSWORD}
    return await Person(squatter.app).does(DEVICE, **login)


TRICKS = [keep_an_app, keep_a_question, keep_an_address, keep_a_device]


@pytest.mark.parametrize("trick", TRICKS)
async def test_the_owner_of_an_address_finds_nothing_of_who_squatted_it(
    app: Application, trick: Trick
) -> None:
    squatter = await register(app, "Vic")
    await step_up(squatter)
    await trick(squatter)

    token = (await reset_link(squatter)).rpartition("/")[2]
    done = await Person(app).does(RESET, token=token, newPassword=NEW)

    assert done["errors"] == []
    assert (await squatter.asks(ME))["me"] is None
    left = [await table.all().count() for table in (RecoveryCode, Passkey, Link, Device)]
    assert left == [0, 0, 0, 0]
    assert await Session.filter(status="ACTIVE").count() == 0
    vic = await User.get(id=squatter.id)
    kept = (vic.totp_cipher, vic.totp_pending_cipher, vic.question, vic.answer_hash)
    assert (*kept, vic.pending_email, vic.pending_email_key) == (None,) * 6
    came = await Person(app).does(LOGIN, email=vic.email, password=NEW)
    assert (came["errors"], came["session"]["pendingSteps"]) == ([], [])


async def test_the_link_that_a_squatter_has_kept_moves_nobody(app: Application) -> None:
    squatter = await register(app, "Vic")
    await step_up(squatter)
    await keep_an_address(squatter)
    link = await link_in("squatter@x.example", "change_email")
    token = (await reset_link(squatter)).rpartition("/")[2]
    await Person(app).does(RESET, token=token, newPassword=NEW)

    login = {"email": squatter.email, "password": NEW}
    late = await Person(app).does(VERIFY, token=link, **{"as": login})

    assert [error["code"] for error in late["errors"]] == ["LINK_EXPIRED"]
    assert (await User.get(id=squatter.id)).email == squatter.email


async def test_a_squatter_gets_no_passkey(app: Application) -> None:
    squatter = await register(app, "Vic")
    await step_up(squatter)

    refused = await squatter.asks(PASSKEY)

    assert refused["beginPasskeySetup"]["errors"] == [{"code": "EMAIL_NOT_VERIFIED"}]
