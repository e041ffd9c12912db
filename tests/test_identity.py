"""What one signs in with changes after proof only: step-up, password, address."""

import pytest

from app.main import Application
from models import Email, User
from tests.identity import (
    BEGIN,
    CHANGE_EMAIL,
    CHANGE_PASSWORD,
    ME,
    STEP_UP,
    VERIFY_EMAIL,
    step_up,
)
from tests.stage import LOGIN, PASSWORD, Person, link_in, move_clock, register, sign_in


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
