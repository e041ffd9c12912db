"""Guessing and stale secrets: what is proved once does not pay for what is guessed, nor for what is old."""

from datetime import timedelta

import pytest

from app.domain import throttling
from app.domain.calls import Call
from app.kit import clock
from app.main import Application
from models import Throttle
from tests.identity import BEGIN, CHANGE_PASSWORD, VERIFY_2FA, code, enrol, step_up
from tests.stage import LOGIN, PASSWORD, Person

NAMED = "mutation ($input: LoginInput!) { login(input: $input) { errors { code } } }"
WRONG = "wrong wrong wrong"


async def codes(person: Person, mutation: str, **input: object) -> list[str]:
    """Say with which codes a mutation is refused."""
    return [error["code"] for error in (await person.does(mutation, **input))["errors"]]


async def from_elsewhere() -> None:
    """Ask from another source from now on."""
    await Throttle.filter(key__startswith="s:").delete()


async def test_guesses_of_a_code_are_not_forgiven_by_a_login_without_one(
    app: Application, ann: Person
) -> None:
    await enrol(ann)
    heard: set[str] = set()
    for _ in range(8):
        names = {"email": ann.email, "password": PASSWORD}
        heard.update(await codes(Person(app), NAMED, **names, twoFactor={"totp": "000000"}))
        assert await codes(Person(app), NAMED, **names) == []
        await from_elsewhere()

    assert heard == {"INVALID_CODE", "RATE_LIMITED"}


async def test_a_lock_that_is_over_is_not_renewed_by_one_guess_a_day(
    app: Application, ann: Person
) -> None:
    key, now = throttling.by_address(ann.email), clock.now()
    await Throttle.create(
        key=key,
        misses=100,
        last_at=now - timedelta(hours=24, seconds=1),
        locked_until=now - timedelta(seconds=1),
    )

    assert await codes(Person(app), NAMED, email=ann.email, password=WRONG) == [
        "INVALID_CREDENTIALS"
    ]
    row = await Throttle.get(key=key)
    assert (row.misses, row.locked_until) == (1, None)


async def test_the_current_password_is_not_guessed_without_end(ann: Person) -> None:
    await enrol(ann)
    heard = [
        await codes(ann, CHANGE_PASSWORD, currentPassword=WRONG, newPassword=f"{PASSWORD} 2")
        for _ in range(6)
    ]

    assert heard[0] == ["INVALID_CREDENTIALS"]
    assert heard[5] == ["RATE_LIMITED"]


async def test_the_old_secret_does_not_rise_with_the_new_one(ann: Person) -> None:
    old = Person(ann.app, "Ann", ann.token)
    await step_up(ann)

    answer = await old.asks(BEGIN)

    refused = [error["code"] for error in answer["beginTwoFactorSetup"]["errors"]]
    assert refused == ["STEP_UP_REQUIRED"]
    assert (await old.asks("{ me { email } }"))["me"] == {"email": ann.email}


async def test_the_old_secret_of_a_pending_session_stays_pending(
    app: Application, ann: Person
) -> None:
    secret, _ = await enrol(ann)
    half = Person(app, "Ann")
    payload = await half.does(LOGIN, email=ann.email, password=PASSWORD)
    half.token = payload["sessionToken"]
    whole = Person(app, "Ann", half.token)

    assert await codes(whole, VERIFY_2FA, proof={"totp": code(secret, 1)}) == []
    assert (await half.asks("{ me { id } }"))["me"] is None


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_a_source_of_ipv6_is_a_network(
    app: Application, one: str, other: str, *, is_one: bool
) -> None:
    keys = {throttling.by_source(Call(app.site, "1", ip)) for ip in (one, other)}

    assert (len(keys) == 1) is is_one
