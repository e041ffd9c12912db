"""What no longer counts is forgotten; what counts stays."""

import pytest

from app.domain import cleaning
from models import Device, Link, Quota, Session, Throttle
from tests.stage import INVITE, LOGIN, PASSWORD, Person, move_clock


async def test_what_strangers_cause_does_not_grow_for_ever(
    ann: Person, acme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await ann.does(INVITE, email="dora@x.example", permissions=["TICKETS"])
    await Person(ann.app).does(LOGIN, email=ann.email, password="wrong password")
    await Person(ann.app).does(LOGIN, email=ann.email, password=PASSWORD)
    await Person(ann.app).does(LOGIN, email="nobody@x.example", password=PASSWORD)
    tables = (Quota, Throttle, Link, Device, Session)
    before = [await table.all().count() for table in tables]
    assert all(before)

    await cleaning.clean(ann.app.site)
    assert [await table.all().count() for table in tables] == before
    move_clock(monkeypatch, days=200)
    await cleaning.clean(ann.app.site)

    assert [await table.all().count() for table in tables] == [0] * 5
