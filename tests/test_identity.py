"""What one signs in with: second factor, step-up, password, address, sessions."""

import asyncio
from datetime import timedelta

import pytest
from pyotp.totp import TOTP

from app.kit import clock
from app.main import Application
from models import AuditEvent, Email, RecoveryCode, Session, User
from tests.stage import (
    LOGIN,
    PASSWORD,
    Person,
    link_in,
    move_clock,
    register,
    sign_in,
)

STEP_UP = """mutation ($input: VerifyIdentityInput!) { verifyIdentity(input: $input) {
  sessionToken session { elevatedUntil } errors { code path } } }"""
BEGIN = """mutation { beginTwoFactorSetup { secret otpauthUri qrCodeSvg
  errors { code ... on StepUpRequiredError { methods maxAgeSeconds } } } }"""
CONFIRM = """mutation ($input: ConfirmTwoFactorSetupInput!) { confirmTwoFactorSetup(input: $input) {
  recoveryCodes me { twoFactor { enabled recoveryCodesLeft } } errors { code path } } }"""
DISABLE = "mutation { disableTwoFactor { me { twoFactor { enabled } } errors { code } } }"
REGENERATE = "mutation { regenerateRecoveryCodes { recoveryCodes errors { code } } }"
VERIFY_2FA = """mutation ($input: VerifyTwoFactorInput!) { verifyTwoFactor(input: $input) {
  sessionToken me { id } session { status } errors { code path } } }"""
CHANGE_PASSWORD = """mutation ($input: ChangePasswordInput!) { changePassword(input: $input) {
  revokedCount errors { code path } } }"""
CHANGE_EMAIL = """mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) {
  me { email pendingEmail } errors { code path } } }"""
VERIFY_EMAIL = """mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) {
  me { email pendingEmail } errors { code } } }"""
SESSIONS = "{ me { sessions { id isCurrent status } } session { status pendingSteps } }"
REVOKE = """mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) {
  session { status } errors { code } } }"""
OTHERS = "mutation { revokeOtherSessions { revokedCount errors { code } } }"
ME = "{ me { id } }"


async def step_up(person: Person, **evidence: object) -> None:
    """Prove who is there, and go on with the new secret."""
    payload = await person.does(STEP_UP, **(evidence or {"password": PASSWORD}))
    assert payload["errors"] == []
    person.token = payload["sessionToken"]


async def enrol(person: Person) -> tuple[str, list[str]]:
    """Set two-factor sign-in up; the secret and the recovery codes."""
    await step_up(person)
    secret = (await person.asks(BEGIN))["beginTwoFactorSetup"]["secret"]
    payload = await person.does(CONFIRM, totp=code(secret))
    assert payload["errors"] == []
    return secret, payload["recoveryCodes"]


def code(secret: str, steps: int = 0) -> str:
    """Read the app: the code of now, or of some steps from now."""
    return TOTP(secret).at(clock.now(), counter_offset=steps)


async def test_what_is_sensitive_asks_for_proof_and_only_for_ten_minutes(
    ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    (refused,) = (await ann.asks(BEGIN))["beginTwoFactorSetup"]["errors"]
    assert refused == {
        "code": "STEP_UP_REQUIRED",
        "methods": ["PASSWORD", "PASSKEY"],
        "maxAgeSeconds": 600,
    }
    wrong = await ann.does(STEP_UP, password="wrong password")
    assert wrong["errors"] == [{"code": "INVALID_CREDENTIALS", "path": ["password"]}]
    old = ann.token
    await step_up(ann)

    assert ann.token != old
    assert (await ann.asks(BEGIN))["beginTwoFactorSetup"]["errors"] == []
    still = Person(ann.app, "Ann", old)
    assert (await still.asks(ME))["me"] is not None
    move_clock(monkeypatch, minutes=1)
    assert (await still.asks(ME))["me"] is None
    move_clock(monkeypatch, minutes=10)
    (again,) = (await ann.asks(BEGIN))["beginTwoFactorSetup"]["errors"]
    assert again["code"] == "STEP_UP_REQUIRED"


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


async def test_changing_the_password_ends_the_others_and_takes_all_of_it(ann: Person) -> None:
    other, long = await sign_in(ann.app, "Ann"), "lang genug 🐎 " * 9
    await step_up(ann)
    wrong = await ann.does(CHANGE_PASSWORD, currentPassword="wrong", newPassword=long)
    weak = await ann.does(CHANGE_PASSWORD, currentPassword=PASSWORD, newPassword="ann@x.example 1")
    assert wrong["errors"] == [{"code": "INVALID_CREDENTIALS", "path": ["currentPassword"]}]
    assert weak["errors"] == [{"code": "PASSWORD_TOO_WEAK", "path": ["newPassword"]}]

    done = await ann.does(CHANGE_PASSWORD, currentPassword=PASSWORD, newPassword=long)

    assert done == {"revokedCount": 1, "errors": []}
    assert (await ann.asks(ME))["me"] is not None
    assert (await other.asks(ME))["me"] is None
    nearly = await Person(ann.app).does(LOGIN, email=ann.email, password=long[:-2])
    assert [error["code"] for error in nearly["errors"]] == ["INVALID_CREDENTIALS"]
    assert (await Person(ann.app).does(LOGIN, email=ann.email, password=long))["errors"] == []
    assert await Email.exists(kind="password_changed", recipient=ann.email)


async def test_an_address_changes_when_the_link_to_the_new_one_is_followed(
    ann: Person, eve: Person
) -> None:
    await step_up(ann)
    taken = await ann.does(CHANGE_EMAIL, email=eve.email)
    assert taken["errors"] == [{"code": "EMAIL_TAKEN", "path": ["email"]}]
    asked = await ann.does(CHANGE_EMAIL, email="Anna@x.example")
    assert asked["me"] == {"email": ann.email, "pendingEmail": "Anna@x.example"}
    token = await link_in("Anna@x.example", "change_email")
    foreign = await eve.does(VERIFY_EMAIL, token=token)
    assert [error["code"] for error in foreign["errors"]] == ["LINK_EXPIRED"]

    moved = await ann.does(VERIFY_EMAIL, token=token)

    assert moved["me"] == {"email": "Anna@x.example", "pendingEmail": None}
    assert await Email.exists(kind="email_changed", recipient=ann.email)
    assert (await Person(ann.app).does(LOGIN, email="anna@x.example", password=PASSWORD))[
        "errors"
    ] == []
    again = await ann.does(VERIFY_EMAIL, token=token)
    assert [error["code"] for error in again["errors"]] == ["LINK_EXPIRED"]


async def test_of_two_who_want_one_address_the_first_to_follow_gets_it(
    app: Application, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    bea = await register(app, "Bea")
    for person in (ann, bea):
        await step_up(person)
        assert (await person.does(CHANGE_EMAIL, email="wanted@x.example"))["errors"] == []
        person.headers["link"] = await link_in("wanted@x.example", "change_email")
        move_clock(monkeypatch, minutes=2)

    first = await bea.does(VERIFY_EMAIL, token=bea.headers.pop("link"))
    second = await ann.does(VERIFY_EMAIL, token=ann.headers.pop("link"))

    assert first["errors"] == []
    assert [error["code"] for error in second["errors"]] == ["EMAIL_TAKEN"]
    assert (await User.get(id=ann.id)).email == ann.email


async def test_sessions_are_listed_and_ended_singly_or_all_others(ann: Person, eve: Person) -> None:
    one, two = await sign_in(ann.app, "Ann"), await sign_in(ann.app, "Ann")
    listed = (await ann.asks(SESSIONS))["me"]["sessions"]
    assert [each["isCurrent"] for each in listed].count(True) == 1
    assert len(listed) == 3
    id = (await one.asks("{ session { id } }"))["session"]["id"]

    foreign = await eve.does(REVOKE, sessionId=id)
    assert [error["code"] for error in foreign["errors"]] == ["NOT_FOUND"]
    assert (await ann.does(REVOKE, sessionId=id))["session"] == {"status": "REVOKED"}
    assert (await one.asks(ME))["me"] is None
    assert (await ann.asks(OTHERS))["revokeOtherSessions"] == {"revokedCount": 1, "errors": []}
    assert (await two.asks(ME))["me"] is None
    assert (await ann.asks(ME))["me"] is not None
    assert await Session.filter(user_id=ann.id, status="ACTIVE").count() == 1


async def test_a_new_device_is_told_and_a_known_one_is_not(ann: Person) -> None:
    input = {"email": ann.email, "password": PASSWORD}
    ask = LOGIN.replace("sessionToken", "sessionToken deviceToken")
    first = await Person(ann.app).does(ask, **input)
    assert not await Email.exists(kind="new_device")
    second = await Person(ann.app).does(ask, **input, deviceToken=first["deviceToken"])
    assert second["deviceToken"] not in {None, first["deviceToken"]}
    assert not await Email.exists(kind="new_device")
    await Person(ann.app).does(ask, **input)
    assert await Email.filter(kind="new_device", recipient=ann.email).count() == 1


async def test_a_session_ends_in_any_case_after_thirty_days(
    ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await Session.all().update(idle_until=clock.now() + timedelta(days=60))
    move_clock(monkeypatch, days=29)
    assert (await ann.asks(ME))["me"] is not None
    move_clock(monkeypatch, days=1)
    assert (await ann.asks(ME))["me"] is None
