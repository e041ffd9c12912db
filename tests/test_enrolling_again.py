"""A second enrolment: until it is confirmed the first one counts, and whoever begins it has proved the first."""

import pytest

from models import RecoveryCode, User
from tests.identity import BEGIN, STEP_UP, code, enrol
from tests.stage import LOGIN, PASSWORD, Person, move_clock


async def test_who_begins_anew_and_stops_has_lost_nothing(
    ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, recovery = await enrol(ann)
    assert (await ann.asks(BEGIN))["beginTwoFactorSetup"]["errors"] == []
    move_clock(monkeypatch, minutes=1)
    input = {"email": ann.email, "password": PASSWORD}

    by_app = await Person(ann.app).does(LOGIN, **input, twoFactor={"totp": code(secret)})
    by_code = await Person(ann.app).does(LOGIN, **input, twoFactor={"recoveryCode": recovery[0]})

    assert (by_app["errors"], by_code["errors"]) == ([], [])
    assert await RecoveryCode.filter(used_at=None).count() == 9


async def test_who_owes_the_factor_or_proved_the_password_only_enrols_no_other(
    ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await enrol(ann)
    half = Person(ann.app, "Ann")
    half.token = (await half.does(LOGIN, email=ann.email, password=PASSWORD))["sessionToken"]
    move_clock(monkeypatch, minutes=11)
    before = await User.get(id=ann.id)

    owing = (await half.asks(BEGIN))["beginTwoFactorSetup"]["errors"]
    by_password = await ann.does(STEP_UP, password=PASSWORD)
    unproved = (await ann.asks(BEGIN))["beginTwoFactorSetup"]["errors"]

    assert [error["code"] for error in owing] == ["UNAUTHENTICATED"]
    assert by_password["errors"] == [{"code": "INVALID_INPUT", "path": ["password"]}]
    assert unproved == [
        {
            "code": "STEP_UP_REQUIRED",
            "methods": ["TOTP", "RECOVERY_CODE", "PASSKEY"],
            "maxAgeSeconds": 600,
        }
    ]
    after = await User.get(id=ann.id)
    assert (after.totp_cipher, after.totp_pending_cipher) == (before.totp_cipher, None)
