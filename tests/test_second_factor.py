"""Signing in with a second factor: an authenticator app and recovery codes."""

import asyncio

import pytest

from app.main import Application
from models import AuditEvent, Email, RecoveryCode, User
from tests.identity import (
    BEGIN,
    CONFIRM,
    DISABLE,
    ME,
    REGENERATE,
    SESSIONS,
    STEP_UP,
    VERIFY_2FA,
    code,
    enrol,
    step_up,
)
from tests.stage import LOGIN, PASSWORD, Person, move_clock


async def test_signing_in_with_a_second_factor_in_one_call_or_in_two(ann: Person) -> None:
    secret, _ = await enrol(ann)
    assert "otpauth" not in str(await User.get(id=ann.id).values())
    input = {"email": ann.email, "password": PASSWORD}

    pending = await Person(ann.app).does(LOGIN, **input)
    assert (pending["me"], pending["errors"]) == (None, [])
    assert pending["session"]["pendingSteps"] == ["VERIFY_TWO_FACTOR", "VERIFY_EMAIL"]
    waiting = Person(ann.app, "Ann", pending["sessionToken"])
    assert (await waiting.asks(SESSIONS))["me"] is None
    refused = await waiting.tries("{ accounts { nodes { id } } }")
    assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert refused["errors"][0]["message"] == (
        "Finish signing in: verify your second factor (verifyTwoFactor)."
    )
    wrong = await waiting.does(VERIFY_2FA, proof={"totp": "000000"})
    assert wrong["errors"] == [{"code": "INVALID_CODE", "path": ["totp"]}]
    done = await waiting.does(VERIFY_2FA, proof={"totp": code(secret, 1)})
    assert done["errors"] == []
    assert done["session"] == {"status": "ACTIVE"}
    assert done["sessionToken"] != waiting.token

    move = await Person(ann.app).does(LOGIN, **input, twoFactor={"totp": code(secret, 1)})
    assert move["errors"] == [{"code": "INVALID_CODE", "path": ["totp"]}]


async def test_a_code_works_once_also_for_two_who_try_at_once(
    ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, _ = await enrol(ann)
    move_clock(monkeypatch, minutes=5)
    input = {"email": ann.email, "password": PASSWORD, "twoFactor": {"totp": code(secret)}}

    answers = await asyncio.gather(*(Person(ann.app).does(LOGIN, **input) for _ in range(3)))

    codes = sorted(error["code"] for answer in answers for error in answer["errors"])
    assert codes == ["INVALID_CODE", "INVALID_CODE"]


async def test_a_recovery_code_works_once_and_is_told(ann: Person) -> None:
    _, codes = await enrol(ann)
    assert len(set(codes)) == 10
    input = {"email": ann.email, "password": PASSWORD}
    spelt = codes[3].lower().replace("-", " ")

    first = await Person(ann.app).does(LOGIN, **input, twoFactor={"recoveryCode": spelt})
    second = await Person(ann.app).does(LOGIN, **input, twoFactor={"recoveryCode": codes[3]})

    assert first["errors"] == []
    assert second["errors"] == [{"code": "INVALID_CODE", "path": ["recoveryCode"]}]
    assert await Email.filter(kind="recovery_code_used", recipient=ann.email).count() == 1
    assert await RecoveryCode.filter(used_at=None).count() == 9
    assert not await RecoveryCode.filter(code_hash__in=codes).exists()


async def test_until_a_new_enrolment_is_confirmed_the_old_app_works(
    ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, codes = await enrol(ann)
    move_clock(monkeypatch, minutes=5)
    assert (await ann.does(STEP_UP, password=PASSWORD))["errors"] == [
        {"code": "INVALID_INPUT", "path": ["password"]}
    ]
    await step_up(ann, totp=code(secret))
    first = (await ann.asks(BEGIN))["beginTwoFactorSetup"]["secret"]
    second = (await ann.asks(BEGIN))["beginTwoFactorSetup"]["secret"]

    assert (await ann.does(CONFIRM, totp=code(first)))["errors"] == [
        {"code": "INVALID_CODE", "path": ["totp"]}
    ]
    move_clock(monkeypatch, minutes=1)
    input = {"email": ann.email, "password": PASSWORD}
    old = await Person(ann.app).does(LOGIN, **input, twoFactor={"totp": code(secret)})
    assert old["errors"] == []
    assert (await ann.does(CONFIRM, totp=code(second)))["errors"] == []
    dead = await Person(ann.app).does(LOGIN, **input, twoFactor={"recoveryCode": codes[0]})
    assert [error["code"] for error in dead["errors"]] == ["INVALID_CODE"]


async def test_turning_it_off_ends_the_others_and_leaves_nothing(ann: Person) -> None:
    _, codes = await enrol(ann)
    renewed = (await ann.asks(REGENERATE))["regenerateRecoveryCodes"]["recoveryCodes"]
    assert not set(renewed) & set(codes)
    other = Person(ann.app, "Ann")
    input = {"email": ann.email, "password": PASSWORD, "twoFactor": {"recoveryCode": renewed[0]}}
    other.token = (await other.does(LOGIN, **input))["sessionToken"]

    off = (await ann.asks(DISABLE))["disableTwoFactor"]

    assert off == {"me": {"twoFactor": {"enabled": False}}, "errors": []}
    assert (await other.asks(ME))["me"] is None
    assert not await RecoveryCode.exists()
    assert (await ann.asks(DISABLE))["disableTwoFactor"]["errors"][0]["code"] == "INVALID_INPUT"
    kinds = [mail.kind for mail in await Email.filter(recipient=ann.email).order_by("id")]
    assert kinds[-1] == "two_factor_disabled"
    actions = {event.action for event in await AuditEvent.filter(actor_id=ann.id)}
    assert {"USER_TWO_FACTOR_ENABLED", "USER_TWO_FACTOR_DISABLED"} <= actions


async def test_staff_owe_a_second_factor_before_anything_else(
    app: Application, sam: Person
) -> None:
    object.__setattr__(app.site.settings, "operator_two_factor", True)
    seen = await sam.asks(SESSIONS)
    assert (seen["me"], seen["session"]["status"]) == (None, "PENDING")
    assert "SET_UP_TWO_FACTOR" in seen["session"]["pendingSteps"]
    refused = await sam.tries("{ accounts { nodes { id } } }")
    assert refused["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert refused["errors"][0]["message"] == (
        "Finish signing in: set up a second factor (verifyIdentity, beginTwoFactorSetup)."
    )

    await enrol(sam)

    assert (await sam.asks(SESSIONS))["session"]["status"] == "ACTIVE"
