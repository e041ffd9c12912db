"""Signing in with a passkey, and proving with it who one is."""

import asyncio
from typing import Any

import pytest
from pyotp.totp import TOTP

from app.domain import challenges
from app.kit import clock
from app.main import Application
from models import AuditEvent, Challenge, Device, Email, Passkey, Quota, Session
from tests.authenticators import PRESENT, Authenticator
from tests.passkeys import (
    BEGIN_PROOF,
    BEGIN_SETUP,
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
WRONG = {
    "code": "INVALID_CREDENTIALS",
    "path": ["proof"],
    "message": "This passkey is not known here, or its answer is wrong or too old.",
}
UNKNOWN = "chl_01h455vb4pex5vsknk084sn02q"


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


async def sign_ins() -> tuple[int, int]:
    """Count the sessions, and the sign-ins that were noted."""
    noted = await AuditEvent.filter(action="USER_LOGGED_IN").count()
    return await Session.all().count(), noted


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


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://evil.example"},
        {"domain": "evil.example"},
        {"flags": PRESENT},
        {"count": 7},
        {"count": 0},
        {"handle": b"somebody else's!"},
        {"handle": None},
        {"id": b"unknown here"},
        {"key": Authenticator().key},
    ],
)
async def test_a_wrong_answer_signs_nobody_in_and_all_are_refused_alike(
    laptop: Authenticator, nobody: Person, change: dict[str, Any]
) -> None:
    before = await sign_ins()
    laptop.count = 8
    for attribute, value in change.items():
        setattr(laptop, attribute, value)

    payload = await nobody.does(LOGIN_WITH_PASSKEY, proof=await answers(nobody, laptop))

    assert (payload["errors"], payload["me"], payload["sessionToken"]) == ([WRONG], None, None)
    assert await sign_ins() == before
    assert (await Passkey.get()).sign_count == 7
    assert await AuditEvent.filter(action="USER_LOGIN_FAILED", outcome="DENIED").count() == 1


@pytest.mark.parametrize("credential", [None, 1, "x", [], {}, {"id": "x"}, {"id": ["x"] * 9}])
async def test_what_is_no_answer_is_refused_alike(
    laptop: Authenticator, nobody: Person, credential: object
) -> None:
    begun = await begins(nobody, BEGIN_PROOF)
    proof = {"challengeId": begun["challengeId"], "credential": credential}
    if credential is None:
        answer = await nobody.tries(LOGIN_WITH_PASSKEY, input={"proof": proof})
        assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
        return

    assert (await nobody.does(LOGIN_WITH_PASSKEY, proof=proof))["errors"] == [WRONG]


async def test_a_challenge_is_answered_once_and_in_time(
    ann: Person, laptop: Authenticator, nobody: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    laptop.count = 8
    proof = await answers(nobody, laptop)
    assert (await nobody.does(LOGIN_WITH_PASSKEY, proof=proof))["errors"] == []
    laptop.count = 9
    for_setup = await begins(ann, BEGIN_SETUP)
    misused = {
        "challengeId": for_setup["challengeId"],
        "credential": laptop.get(for_setup["options"]),
    }
    late = await answers(nobody, laptop)
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + challenges.LIFETIME)
    before = await sign_ins()

    for each in (proof, misused, late, proof | {"challengeId": UNKNOWN}):
        assert (await nobody.does(LOGIN_WITH_PASSKEY, proof=each))["errors"] == [WRONG]

    assert await sign_ins() == before


async def test_a_challenge_that_was_answered_wrong_is_gone(
    laptop: Authenticator, nobody: Person
) -> None:
    begun = await begins(nobody, BEGIN_PROOF)
    laptop.count = 8
    wrong = {"challengeId": begun["challengeId"], "credential": {}}
    right = wrong | {"credential": laptop.get(begun["options"])}

    assert (await nobody.does(LOGIN_WITH_PASSKEY, proof=wrong))["errors"] == [WRONG]
    assert (await nobody.does(LOGIN_WITH_PASSKEY, proof=right))["errors"] == [WRONG]


async def test_of_two_answers_at_once_one_wins(laptop: Authenticator, nobody: Person) -> None:
    laptop.count = 0
    await Passkey.all().update(sign_count=0)  # one that does not count, as most
    proof = await answers(nobody, laptop)
    before, _ = await sign_ins()

    tries = (Person(nobody.app).does(LOGIN_WITH_PASSKEY, proof=proof) for _ in range(2))
    payloads = await asyncio.gather(*tries)

    assert sorted(len(payload["errors"]) for payload in payloads) == [0, 1]
    assert (await sign_ins())[0] == before + 1


async def test_a_count_grows_also_under_two_answers_at_once(
    laptop: Authenticator, nobody: Person
) -> None:
    laptop.count = 8
    proofs = [await answers(nobody, laptop) for _ in range(2)]

    tries = (Person(nobody.app).does(LOGIN_WITH_PASSKEY, proof=proof) for proof in proofs)
    payloads = await asyncio.gather(*tries)

    assert sorted(len(payload["errors"]) for payload in payloads) == [0, 1]
    assert (await Passkey.get()).sign_count == 8


async def test_misses_slow_their_source_down_and_keep_no_right_key_waiting(
    laptop: Authenticator, nobody: Person
) -> None:
    proof = {"challengeId": UNKNOWN, "credential": {}}
    codes = [
        (await nobody.does(LOGIN_WITH_PASSKEY, proof=proof))["errors"][0]["code"] for _ in range(21)
    ]
    laptop.count = 8

    right = await nobody.does(LOGIN_WITH_PASSKEY, proof=await answers(nobody, laptop))

    assert codes == ["INVALID_CREDENTIALS"] * 20 + ["RATE_LIMITED"]
    assert await AuditEvent.filter(action="USER_LOGIN_FAILED").count() == 20
    assert right["errors"] == []


async def test_one_source_gets_so_many_challenges(nobody: Person) -> None:
    await begins(nobody, BEGIN_PROOF)
    await Quota.filter(key__startswith="challenges:").update(count=300)

    (refused,) = (await nobody.asks(BEGIN_PROOF)).values()

    assert [error["code"] for error in refused["errors"]] == ["RATE_LIMITED"]
    assert await Challenge.all().count() == 1


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
