"""Sessions: listed, ended, and told of when their device is new."""

from datetime import timedelta

import pytest

from app.kit import clock
from models import Email, Session
from tests.identity import ME, OTHERS, REVOKE, SESSIONS
from tests.stage import LOGIN, PASSWORD, Person, move_clock, sign_in


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
