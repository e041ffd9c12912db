"""Challenges of passkeys: answered rightly, once, in time, and by one."""

import asyncio
from typing import Any

import pytest

from app.domain import challenges
from app.kit import clock
from models import AuditEvent, Challenge, Passkey, Quota, Session
from tests.authenticators import PRESENT, Authenticator
from tests.passkeys import (
    BEGIN_PROOF,
    BEGIN_SETUP,
    LOGIN_WITH_PASSKEY,
    adds,
    answers,
    begins,
    proves_address,
    steps_up,
)
from tests.stage import Person

WRONG = {
    "code": "INVALID_CREDENTIALS",
    "path": ["proof"],
    "message": "This passkey is not known here, or its answer is wrong or too old.",
}
UNKNOWN = "chl_01h455vb4pex5vsknk084sn02q"


@pytest.fixture
async def laptop(ann: Person) -> Authenticator:
    """Ann's laptop, which counts what it signs; she has proved her address, and just now who she is."""
    await proves_address(ann)
    await steps_up(ann)
    return await adds(ann, count=7)


async def sign_ins() -> tuple[int, int]:
    """Count the sessions, and the sign-ins that were noted."""
    noted = await AuditEvent.filter(action="USER_LOGGED_IN").count()
    return await Session.all().count(), noted


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
