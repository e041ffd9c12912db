"""Signing in with a passkey, and proving with it who one is."""

import pytest
from pyotp.totp import TOTP

from app.main import Application
from models import AuditEvent, Device, Email, Passkey, Session
from tests.authenticators import Authenticator
from tests.passkeys import (
    BEGIN_PROOF,
    LOGIN_WITH_PASSKEY,
    PASSKEYS,
    VERIFY_IDENTITY,
    adds,
    answers,
    begins,
    proves_address,
    steps_up,
)
from tests.stage import LOGIN, PASSWORD, Person, sign_in

BEGIN_TOTP = "mutation { beginTwoFactorSetup { secret errors { code } } }"
CONFIRM_TOTP = """mutation ($input: ConfirmTwoFactorSetupInput!) { confirmTwoFactorSetup(input: $input) {
  errors { code } } }"""
VERIFY_TWO_FACTOR = """mutation ($input: VerifyTwoFactorInput!) { verifyTwoFactor(input: $input) {
  me { email } sessionToken session { pendingSteps twoFactorVerifiedAt } errors { code path } } }"""


@pytest.fixture
async def ann(ann: Person) -> Person:
    """Ann has proved her address, and just now who she is."""
    await proves_address(ann)
    await steps_up(ann)
    return ann


@pytest.fixture
async def laptop(ann: Person) -> Authenticator:
    """Ann's laptop, which counts what it signs."""
    return await adds(ann, count=7)


@pytest.fixture
async def enrolled(ann: Person, laptop: Authenticator) -> Person:
    """Ann, who has an authenticator app, too."""
    begun = (await ann.asks(BEGIN_TOTP))["beginTwoFactorSetup"]
    confirmed = await ann.does(CONFIRM_TOTP, totp=TOTP(begun["secret"]).now())
    assert confirmed["errors"] == []
    return ann


async def test_a_passkey_signs_in_alone_and_counts_as_both_factors(
    enrolled: Person, laptop: Authenticator, nobody: Person
) -> None:
    laptop.count = 8
    payload = await nobody.does(LOGIN_WITH_PASSKEY, proof=await answers(nobody, laptop))

    assert (payload["errors"], payload["me"]) == ([], {"email": enrolled.email})
    assert payload["session"]["pendingSteps"] == []
    assert payload["session"]["twoFactorVerifiedAt"] is not None
    assert payload["deviceToken"] is not None
    nobody.token = payload["sessionToken"]
    (shown,) = (await nobody.asks(PASSKEYS))["me"]["passkeys"]
    assert shown["lastUsedAt"] is not None
    assert (await Passkey.get()).sign_count == 8
    event = await AuditEvent.filter(action="USER_LOGGED_IN").order_by("-sequence").first()
    assert event is not None
    assert event.actor_id == enrolled.id


async def test_a_stranger_is_asked_for_any_key_and_a_user_for_their_own(
    ann: Person, laptop: Authenticator, nobody: Person
) -> None:
    strange, own = await begins(nobody, BEGIN_PROOF), await begins(ann, BEGIN_PROOF)

    assert strange["options"]["allowCredentials"] == []
    (known,) = own["options"]["allowCredentials"]
    assert known["id"] == laptop.get(own["options"])["id"]
    assert strange["options"]["userVerification"] == "required"
    assert strange["options"]["rpId"] == "localhost"


async def test_it_is_remembered_and_travels_as_other_sign_ins_do(
    laptop: Authenticator, nobody: Person
) -> None:
    laptop.count = 8
    proof = await answers(nobody, laptop)
    elsewhere = Person(nobody.app, headers={"host": "192.168.1.2"})
    refused = await elsewhere.does(LOGIN_WITH_PASSKEY, proof=proof, transport="COOKIE")
    input = {"proof": proof, "remember": True, "transport": "COOKIE"}
    response = await nobody.sends(LOGIN_WITH_PASSKEY, input=input)

    assert [error["code"] for error in refused["errors"]] == ["INVALID_INPUT"]
    payload = response.json()["data"]["loginWithPasskey"]
    assert (payload["sessionToken"], payload["deviceToken"]) == (None, None)
    assert "Max-Age=" in response.headers["set-cookie"]
    session = await Session.all().order_by("-created_at", "-id").first()
    assert session is not None
    assert session.remember


async def test_a_passkey_is_a_second_factor(
    enrolled: Person, laptop: Authenticator, eve: Person
) -> None:
    half = Person(enrolled.app)
    login = await half.does(LOGIN, email=enrolled.email, password=PASSWORD)
    half.token = login["sessionToken"]
    assert login["session"]["pendingSteps"][0] == "VERIFY_TWO_FACTOR"
    own = (await begins(half, BEGIN_PROOF))["options"]["allowCredentials"]
    laptop.count = 8

    proof = {"passkey": await answers(half, laptop)}
    payload = await half.does(VERIFY_TWO_FACTOR, proof=proof)
    again = await half.does(VERIFY_TWO_FACTOR, proof=proof)

    assert len(own) == 1
    assert (payload["errors"], payload["me"]) == ([], {"email": enrolled.email})
    assert payload["session"]["pendingSteps"] == []
    assert again["errors"] == [{"code": "INVALID_CODE", "path": ["passkey"]}]


async def test_a_passkey_steps_up_for_its_own_user_only(
    ann: Person, laptop: Authenticator, eve: Person
) -> None:
    later = await sign_in(ann.app, "Ann")
    laptop.count = 8
    foreign = await eve.does(VERIFY_IDENTITY, passkey=await answers(later, laptop))
    laptop.handle = None  # a key that keeps nothing; who asks is known
    laptop.count = 9

    own = await later.does(VERIFY_IDENTITY, passkey=await answers(later, laptop))

    assert foreign == {
        "session": None,
        "sessionToken": None,
        "errors": [{"code": "INVALID_CODE", "path": ["passkey"]}],
    }
    assert own["errors"] == []
    assert own["session"]["elevatedUntil"] is not None
    assert (await eve.asks("{ session { elevatedUntil } }"))["session"]["elevatedUntil"] is None


async def test_a_device_that_is_known_is_no_news(
    app: Application, ann: Person, laptop: Authenticator
) -> None:
    await sign_in(app, "Ann")
    await Device.all().delete()
    laptop.count = 8
    response = await Person(app).sends(
        LOGIN_WITH_PASSKEY,
        input={"proof": await answers(ann, laptop), "transport": "COOKIE"},
    )
    cookies = [each.split(";")[0] for each in response.headers.get_list("set-cookie")]
    headers = {"cookie": "; ".join(cookies), "origin": "http://127.0.0.1"}
    tab = Person(app, headers=headers)
    laptop.count = 9

    again = await tab.does(LOGIN_WITH_PASSKEY, proof=await answers(tab, laptop))

    assert len(cookies) == 2
    assert again["errors"] == []
    assert await Email.filter(kind="new_device").count() == 1
    assert await Device.all().count() == 1
