"""Guessing, being locked out, and getting back in."""

import asyncio
import re

import pytest

from app.kit import clock
from app.main import Application
from models import AuditEvent, Email, Session, Throttle, User
from tests.identity import ME, code, enrol, step_up
from tests.stage import (
    LOGIN,
    PASSWORD,
    REGISTER,
    Person,
    link_in,
    move_clock,
    sign_in,
)

REQUEST = "mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) { errors { code } } }"
RESET = "mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { errors { code path } } }"
PREVIEW = "query ($token: String!) { passwordResetPreview(token: $token) { maskedEmail question requiresTwoFactor } }"
UNLOCK = "mutation ($input: UnlockSignInInput!) { unlockSignIn(input: $input) { errors { code } } }"
QUESTION = """mutation ($input: SetSecurityQuestionInput!) { setSecurityQuestion(input: $input) {
  me { securityQuestion { question } } errors { code path } } }"""
LOGIN_WAIT = """mutation ($input: LoginInput!) { login(input: $input) { sessionToken
  errors { code ... on RateLimitedError { retryAfterSeconds } } } }"""
NEW = "a wholly other horse"


async def codes(person: Person, mutation: str, **input: object) -> list[str]:
    """Send a mutation, and return the codes of its errors."""
    return [error["code"] for error in (await person.does(mutation, **input))["errors"]]


async def reset_link(person: Person) -> str:
    """Ask for a reset link, and take it out of the mail."""
    assert await codes(Person(person.app), REQUEST, email=person.email) == []
    return await link_in(person.email, "reset_password")


async def test_a_forgotten_password_is_set_anew_by_mail(ann: Person) -> None:
    other, nobody = await sign_in(ann.app, "Ann"), Person(ann.app)
    token = await reset_link(ann)
    seen = (await nobody.asks(PREVIEW, token=token))["passwordResetPreview"]
    assert seen == {"maskedEmail": "a•••@x.example", "question": None, "requiresTwoFactor": False}
    assert await codes(nobody, RESET, token=token, newPassword="short") == ["PASSWORD_TOO_WEAK"]

    assert await codes(nobody, RESET, token=token, newPassword=NEW) == []

    assert (await ann.asks(ME))["me"] is None
    assert (await other.asks(ME))["me"] is None
    assert await codes(nobody, LOGIN, email=ann.email, password=PASSWORD) == ["INVALID_CREDENTIALS"]
    assert await codes(nobody, LOGIN, email=ann.email, password=NEW) == []
    assert await codes(nobody, RESET, token=token, newPassword=NEW) == ["LINK_EXPIRED"]
    assert (await User.get(id=ann.id)).email_verified_at is not None


async def test_a_reset_never_tells_whether_an_address_is_known(ann: Person) -> None:
    nobody = Person(ann.app)
    for email in (ann.email, "nobody@x.example", "no address"):
        assert await codes(nobody, REQUEST, email=email) == []
        assert await codes(nobody, REQUEST, email=email) == []

    assert await Email.filter(kind="reset_password").count() == 1
    assert (await nobody.asks(PREVIEW, token="x" * 43))["passwordResetPreview"] is None


async def test_of_two_who_use_a_reset_link_at_once_one_wins(ann: Person) -> None:
    token, nobody = await reset_link(ann), Person(ann.app)

    answers = await asyncio.gather(
        *(codes(nobody, RESET, token=token, newPassword=f"{NEW} {i}") for i in range(3))
    )

    assert sorted(answers) == [[], ["LINK_EXPIRED"], ["LINK_EXPIRED"]]


async def test_a_reset_link_dies_with_what_it_was_for(
    ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody, first = Person(ann.app), await reset_link(ann)
    move_clock(monkeypatch, minutes=2)
    second = await reset_link(ann)
    assert await codes(nobody, RESET, token=first, newPassword=NEW) == ["LINK_EXPIRED"]
    await step_up(ann)
    change = "mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { errors { code } } }"
    assert await codes(ann, change, currentPassword=PASSWORD, newPassword=NEW) == []
    assert await codes(nobody, RESET, token=second, newPassword="yet another horse") == [
        "LINK_EXPIRED"
    ]


async def test_question_and_second_factor_are_asked_after_the_link(
    ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await User.filter(id=ann.id).update(email_verified_at=clock.now())
    secret, _ = await enrol(ann)
    assert await codes(ann, QUESTION, question="First pet?", answer="  Émile  the CAT ") == []
    token, nobody = await reset_link(ann), Person(ann.app)
    move_clock(monkeypatch, minutes=2)
    seen = (await nobody.asks(PREVIEW, token=token))["passwordResetPreview"]
    assert (seen["question"], seen["requiresTwoFactor"]) == ("First pet?", True)
    input = {"token": token, "newPassword": NEW}
    right = {"securityAnswer": "émile the cat", "twoFactor": {"totp": code(secret)}}

    assert await codes(nobody, RESET, **input) == ["TWO_FACTOR_REQUIRED"]
    wrong = {**right, "securityAnswer": "dog"}
    assert await codes(nobody, RESET, **input, **wrong) == ["INVALID_CREDENTIALS"]
    assert await codes(nobody, RESET, **input, **{**right, "twoFactor": {"totp": "000000"}}) == [
        "INVALID_CODE"
    ]
    assert await codes(nobody, RESET, **input, **right) == []
    stored = await User.get(id=ann.id)
    assert "cat" not in str(stored.answer_hash)
    assert stored.has_two_factor


async def test_a_squatter_keeps_nothing(ann: Person) -> None:
    await enrol(ann)
    await ann.does(QUESTION, question="Mine?", answer="yes")

    assert await codes(Person(ann.app), RESET, token=await reset_link(ann), newPassword=NEW) == []

    owner = Person(ann.app)
    payload = await owner.does(LOGIN, email=ann.email, password=NEW)
    assert payload["session"]["pendingSteps"] == []
    stored = await User.get(id=ann.id)
    assert (stored.has_two_factor, stored.question, stored.pending_email) == (False, None, None)
    assert (await ann.asks(ME))["me"] is None


async def test_guessing_is_slowed_down_alike_for_known_and_unknown_addresses(ann: Person) -> None:
    nobody = Person(ann.app)
    for email in (ann.email, "nobody@x.example"):
        answers = [
            (await nobody.does(LOGIN_WAIT, email=email, password="wrong password"))["errors"][0]
            for _ in range(7)
        ]
        assert [answer["code"] for answer in answers] == ["INVALID_CREDENTIALS"] * 5 + [
            "RATE_LIMITED"
        ] * 2
        assert 25 <= answers[-1]["retryAfterSeconds"] <= 30
    assert await codes(nobody, LOGIN, email=ann.email, password=PASSWORD) == ["RATE_LIMITED"]
    assert ann.email not in str(await Throttle.all().values("key"))


async def test_aliases_and_parallel_requests_count_one_by_one(ann: Person) -> None:
    one = 'login(input: {email: "ann@x.example", password: "wrong password"}) { errors { code } }'
    document = "mutation { " + " ".join(f"a{i}: {one}" for i in range(10)) + " }"

    answers = (await Person(ann.app).asks(document)).values()

    told = [answer["errors"][0]["code"] for answer in answers]
    assert told == ["INVALID_CREDENTIALS"] * 5 + ["RATE_LIMITED"] * 5
    await Throttle.all().delete()
    parallel = await asyncio.gather(
        *(
            codes(Person(ann.app), LOGIN, email=ann.email, password="wrong password")
            for _ in range(12)
        )
    )
    assert (
        sorted(each[0] for each in parallel) == ["INVALID_CREDENTIALS"] * 5 + ["RATE_LIMITED"] * 7
    )


async def test_a_known_device_gets_in_during_an_attack(ann: Person) -> None:
    ask = LOGIN.replace("sessionToken", "sessionToken deviceToken")
    device = (await Person(ann.app).does(ask, email=ann.email, password=PASSWORD))["deviceToken"]
    for _ in range(8):
        await Person(ann.app).does(LOGIN, email=ann.email, password="wrong password")

    stranger = await codes(Person(ann.app), LOGIN, email=ann.email, password=PASSWORD)
    known = await codes(
        Person(ann.app), LOGIN, email=ann.email, password=PASSWORD, deviceToken=device
    )

    assert (stranger, known) == (["RATE_LIMITED"], [])


async def test_a_locked_sign_in_is_opened_by_the_mailed_link(ann: Person) -> None:
    nobody = Person(ann.app)
    await codes(nobody, LOGIN, email=ann.email, password="wrong password")
    long_ago = clock.now().replace(year=2001)
    await Throttle.all().update(misses=99, last_at=long_ago)
    await codes(nobody, LOGIN, email=ann.email, password="wrong password")
    await Throttle.filter(key__startswith="s:").delete()

    (locked,) = (await nobody.does(LOGIN_WAIT, email=ann.email, password=PASSWORD))["errors"]
    assert locked["code"] == "LOCKED_OUT"
    assert 86_000 < locked["retryAfterSeconds"] <= 86_400
    mail = await Email.get(kind="locked", recipient=ann.email)
    found = re.search(r"/unlock/(\S+)", mail.body_text)
    assert found is not None
    assert await codes(nobody, UNLOCK, token="wrong") == ["LINK_EXPIRED"]
    assert await codes(nobody, UNLOCK, token=found[1]) == []
    assert await codes(nobody, UNLOCK, token=found[1]) == ["LINK_EXPIRED"]
    assert await codes(nobody, LOGIN, email=ann.email, password=PASSWORD) == []
    actions = {event.action for event in await AuditEvent.all()}
    assert {"USER_LOCKED_OUT", "USER_UNLOCKED"} <= actions


async def test_private_registration_answers_known_and_new_alike(
    app: Application, ann: Person
) -> None:
    object.__setattr__(app.site.settings, "private_registration", True)
    names = {"password": PASSWORD, "firstName": "Bob", "lastName": "Baker"}
    nobody, sessions = Person(app), await Session.all().count()

    known = await nobody.does(REGISTER, email=ann.email, **names)
    new = await nobody.does(REGISTER, email="new@x.example", **names)
    weak = [
        await codes(nobody, REGISTER, **{**names, "email": email, "password": "x"})
        for email in (ann.email, "newer@x.example")
    ]

    assert known == new == {"sessionToken": None, "me": None, "errors": []}
    assert weak == [["PASSWORD_TOO_WEAK"]] * 2
    assert await Session.all().count() == sessions
    assert await Email.exists(kind="registration_attempted", recipient=ann.email)
    refused = await codes(nobody, LOGIN, email="new@x.example", password=PASSWORD)
    assert refused == ["EMAIL_NOT_VERIFIED"]
    verify = "mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { sessionToken errors { code } } }"
    token = await link_in("new@x.example", "verify_email")
    login = {"email": "new@x.example", "password": PASSWORD}
    assert (await nobody.does(verify, token=token, **{"as": login}))["sessionToken"]
