"""Making passkeys, and removing them."""

from datetime import timedelta
from typing import Any

import pytest

from app.domain import challenges
from app.kit import clock
from models import AuditEvent, Challenge, Device, Email, Passkey, Session, User
from tests.authenticators import PRESENT, Authenticator
from tests.passkeys import (
    BEGIN_PROOF,
    BEGIN_SETUP,
    CONFIRM,
    LOGIN_WITH_PASSKEY,
    PASSKEYS,
    REMOVE,
    adds,
    answers,
    begins,
    proves_address,
    steps_up,
)
from tests.stage import Person, sign_in

NODE = "query ($id: ID!) { node(id: $id) { id __typename } }"


@pytest.fixture
async def ann(ann: Person) -> Person:
    """Ann has proved her address, and just now who she is."""
    await proves_address(ann)
    await steps_up(ann)
    return ann


async def test_a_passkey_is_kept_noted_and_told_of(ann: Person) -> None:
    await adds(ann, "Ann's laptop")

    (shown,) = (await ann.asks(PASSKEYS))["me"]["passkeys"]
    assert (shown["name"], shown["lastUsedAt"]) == ("Ann's laptop", None)
    event = await AuditEvent.get(action="USER_PASSKEY_ADDED")
    assert (event.actor_id, event.account_id) == (ann.id, None)
    assert "Ann's laptop" in event.targets
    mail = await Email.get(kind="passkey_added")
    assert (mail.recipient, "Ann's laptop" in mail.body_text) == (ann.email, True)
    assert await Challenge.all().count() == 0
    assert await Device.all().count() == 0


async def test_a_device_that_holds_one_is_asked_for_no_other(ann: Person) -> None:
    device = await adds(ann)

    options = (await begins(ann, BEGIN_SETUP))["options"]

    (known,) = options["excludeCredentials"]
    assert known == {"id": device.create(options)["id"], "type": "public-key"}
    assert options["rp"] == {"id": "localhost", "name": "Keyfob"}
    assert options["authenticatorSelection"]["userVerification"] == "required"


async def test_who_has_not_proved_the_address_gets_none(ann: Person) -> None:
    begun = await begins(ann, BEGIN_SETUP)
    await User.filter(id=ann.id).update(email_verified_at=None)
    credential = Authenticator().create(begun["options"])

    (again,) = (await ann.asks(BEGIN_SETUP)).values()
    confirmed = await ann.does(
        CONFIRM, challengeId=begun["challengeId"], credential=credential, name="Mine"
    )

    assert [error["code"] for error in again["errors"]] == ["EMAIL_NOT_VERIFIED"]
    assert [error["code"] for error in confirmed["errors"]] == ["EMAIL_NOT_VERIFIED"]
    assert again["options"] is None
    assert await Passkey.all().count() == 0


async def test_adding_and_removing_ask_for_recent_proof(ann: Person) -> None:
    await adds(ann)
    passkey = await Passkey.get()
    begun = await begins(ann, BEGIN_SETUP)
    made = {"challengeId": begun["challengeId"], "credential": {}, "name": "Mine"}
    later = await sign_in(ann.app, "Ann")

    refused = [
        (await later.asks(BEGIN_SETUP))["beginPasskeySetup"],
        await later.does(CONFIRM, **made),
        await later.does(REMOVE, passkeyId=passkey.id),
    ]

    assert [error["code"] for each in refused for error in each["errors"]] == [
        "STEP_UP_REQUIRED"
    ] * 3
    assert await Passkey.all().count() == 1
    assert await Challenge.all().count() == 1


@pytest.mark.parametrize(
    "device",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:8000"},
        {"domain": "evil.example"},
        {"flags": PRESENT},
    ],
)
async def test_a_key_made_elsewhere_or_by_nobody_is_refused(
    ann: Person, device: dict[str, Any]
) -> None:
    begun = await begins(ann, BEGIN_SETUP)
    credential = Authenticator(**device).create(begun["options"])

    input = {"challengeId": begun["challengeId"], "credential": credential, "name": "Mine"}
    payload = await ann.does(CONFIRM, **input)

    assert payload == {
        "passkey": None,
        "errors": [{"code": "INVALID_CODE", "path": ["credential"]}],
    }
    assert await Passkey.all().count() == 0
    assert await Email.filter(kind="passkey_added").count() == 0


async def test_a_challenge_for_a_new_key_is_answered_once_in_time_by_its_user(
    ann: Person, eve: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await proves_address(eve)
    await steps_up(eve)
    device = Authenticator()
    foreign, proof = await begins(eve, BEGIN_SETUP), await begins(ann, BEGIN_PROOF)
    used, late = await begins(ann, BEGIN_SETUP), await begins(ann, BEGIN_SETUP)
    offers = [
        {
            "challengeId": each["challengeId"],
            "credential": device.create(used["options"] | each["options"]),
            "name": "x",
        }
        for each in (foreign, proof, used, used, late)
    ]
    given = [await ann.does(CONFIRM, **offer) for offer in offers[:-1]]
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + challenges.LIFETIME)
    given.append(await ann.does(CONFIRM, **offers[-1]))

    refused = [{"code": "INVALID_CODE", "path": ["challengeId"]}]
    assert [each["errors"] for each in given] == [refused, refused, [], refused, refused]
    assert await Passkey.all().count() == 1


async def test_a_name_has_to_say_something_and_costs_no_challenge(ann: Person) -> None:
    begun = await begins(ann, BEGIN_SETUP)
    credential = Authenticator().create(begun["options"])
    input = {"challengeId": begun["challengeId"], "credential": credential}

    for name in ("", "\u200b", "x" * 101, "a\nb"):
        (error,) = (await ann.does(CONFIRM, **input, name=name))["errors"]
        assert error == {"code": "INVALID_INPUT", "path": ["name"]}

    assert (await ann.does(CONFIRM, **input, name="  🔑 "))["passkey"]["name"] == "🔑"


async def test_a_key_is_one_users_and_once(ann: Person, eve: Person) -> None:
    await proves_address(eve)
    await steps_up(eve)
    device = await adds(ann)

    for person in (ann, eve):
        begun = await begins(person, BEGIN_SETUP)
        credential = device.create(begun["options"])
        input = {"challengeId": begun["challengeId"], "credential": credential, "name": "Mine"}
        (error,) = (await person.does(CONFIRM, **input))["errors"]
        assert error == {"code": "INVALID_CODE", "path": ["credential"]}

    assert (await Passkey.get()).user_id == ann.id


async def test_twenty_are_enough(ann: Person) -> None:
    first = await begins(ann, BEGIN_SETUP)
    rows = [
        Passkey(
            user_id=ann.id, credential_id=f"id{i}", public_key="", name="x", created_at=clock.now()
        )
        for i in range(20)
    ]
    await Passkey.bulk_create(rows)
    credential = Authenticator().create(first["options"])

    (begun,) = (await ann.asks(BEGIN_SETUP)).values()
    input = {"challengeId": first["challengeId"], "credential": credential, "name": "x"}
    confirmed = await ann.does(CONFIRM, **input)

    codes = [error["code"] for each in (begun, confirmed) for error in each["errors"]]
    assert codes == ["LIMIT_REACHED"] * 2
    assert "You have 20 passkeys already." in begun["errors"][0]["message"]
    assert await Passkey.all().count() == 20


async def test_a_removed_key_opens_nothing_and_what_it_opened_ends(ann: Person) -> None:
    device = await adds(ann, "Lost laptop")
    thief = Person(ann.app)
    opened = await thief.does(LOGIN_WITH_PASSKEY, proof=await answers(thief, device))
    thief.token = opened["sessionToken"]
    passkey = await Passkey.get()

    removed = await ann.does(REMOVE, passkeyId=passkey.id)

    assert removed == {"deletedId": passkey.id, "errors": []}
    assert (await ann.asks(PASSKEYS))["me"] == {"passkeys": []}
    assert (await thief.asks(PASSKEYS))["me"] is None
    again = await Person(ann.app).does(LOGIN_WITH_PASSKEY, proof=await answers(thief, device))
    assert [error["code"] for error in again["errors"]] == ["INVALID_CREDENTIALS"]
    assert await Device.all().count() == 0
    assert await AuditEvent.filter(action="USER_PASSKEY_REMOVED", actor_id=ann.id).count() == 1
    mail = await Email.get(kind="passkey_removed")
    assert (mail.recipient, "Lost laptop" in mail.body_text) == (ann.email, True)


async def test_a_passkey_is_its_users_alone(ann: Person, eve: Person) -> None:
    await steps_up(eve)
    await adds(ann)
    passkey, before = await Passkey.get(), await Session.filter(status="ACTIVE").count()

    for id in (passkey.id, "psk_01h455vb4pex5vsknk084sn02q", "nonsense"):
        (error,) = (await eve.does(REMOVE, passkeyId=id))["errors"]
        assert error == {"code": "NOT_FOUND", "path": ["passkeyId"]}

    assert (await eve.asks(NODE, id=passkey.id))["node"] is None
    assert (await Person(ann.app).asks(NODE, id=passkey.id))["node"] is None
    shown = (await ann.asks(NODE, id=passkey.id))["node"]
    assert shown == {"id": passkey.id, "__typename": "Passkey"}
    assert await Passkey.all().count() == 1
    assert await Session.filter(status="ACTIVE").count() == before


async def test_challenges_that_nobody_answers_go(
    ann: Person, nobody: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begins(ann, BEGIN_SETUP)
    await begins(nobody, BEGIN_PROOF)
    real = clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + timedelta(minutes=5))

    latest = await begins(nobody, BEGIN_PROOF)

    assert (await Challenge.get()).id == latest["challengeId"]
