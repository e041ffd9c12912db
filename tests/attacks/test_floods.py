"""Floods: what strangers do leaves a trace, and not one without end."""

import asyncio

import pytest

from app.domain import audit, cleaning
from models import NO_ACCOUNT, AuditEvent, Throttle
from tests.stage import LOGIN, Person, move_clock
from tests.test_recovery import REQUEST

FAILED, ASKED = "USER_LOGIN_FAILED", "USER_PASSWORD_RESET_REQUESTED"


async def fail(nobody: Person, *emails: str) -> None:
    """Fail to sign in, from a new source each time."""
    for email in emails:
        await nobody.does(LOGIN, email=email, password="wrong password")
        await Throttle.all().delete()


async def labels(action: str) -> list[str]:
    """Name whom the log tells of, the oldest first."""
    events = await AuditEvent.filter(action=action).order_by("sequence")
    return [event.targets.partition('"label":"')[2].partition('"')[0] for event in events]


async def test_failed_sign_ins_are_noted_and_a_flood_of_them_is_counted(
    ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = Person(ann.app)
    await fail(nobody, *(f"nobody{i}@x.example" for i in range(32)))
    assert await AuditEvent.filter(action=FAILED).count() == 20

    await fail(nobody, ann.email)
    move_clock(monkeypatch, minutes=1)
    await fail(nobody, "late@x.example")

    told = await labels(FAILED)
    assert told[20:] == ["Ann Example", "12 others", "l•••@x.example"]
    summary = await AuditEvent.filter(action=FAILED).order_by("sequence").offset(21).first()
    assert summary is not None
    assert (summary.actor_kind, summary.outcome) == ("SYSTEM", "DENIED")
    assert '"after":12' in summary.changes
    assert await audit.first_broken(NO_ACCOUNT) is None


async def test_a_flood_that_nobody_follows_is_summed_up(
    ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fail(Person(ann.app), *(f"nobody{i}@x.example" for i in range(23)))
    await cleaning.clean(ann.app.site)
    assert await AuditEvent.filter(action=FAILED).count() == 20
    move_clock(monkeypatch, minutes=1)

    for _ in range(2):
        await cleaning.clean(ann.app.site)

    assert (await labels(FAILED))[20:] == ["3 others"]


async def test_of_many_at_once_so_many_are_noted(ann: Person) -> None:
    nobody = Person(ann.app)
    asked = (nobody.does(REQUEST, email=f"nobody{i}@x.example") for i in range(30))

    await asyncio.gather(*asked)

    assert await AuditEvent.filter(action=ASKED).count() == 20
    await nobody.does(REQUEST, email=ann.email)
    assert (await labels(ASKED))[20:] == ["Ann Example"]


async def test_a_flood_shows_its_victim_what_was_tried_on_them(ann: Person) -> None:
    ask = "{ me { auditEvents { nodes { action summary } } } }"
    await fail(Person(ann.app), *(f"nobody{i}@x.example" for i in range(25)), ann.email)

    (newest, *_) = (await ann.asks(ask))["me"]["auditEvents"]["nodes"]

    assert newest == {"action": FAILED, "summary": "Somebody failed to sign in as Ann Example"}
