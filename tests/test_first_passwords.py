"""Passwords that are not the user's own choice, and the fields that passwords are typed into."""

import re

import pytest

from app.main import Application
from models import Operator, User
from tests.identity import CHANGE_PASSWORD, SESSIONS, step_up
from tests.recovering import reset_link, settled
from tests.stage import LOGIN, PASSWORD, Person, link_in, move_clock, register
from tests.visitors import browser

FIELD = re.compile(r'<input[^>]*name="(?:newPassword|password)"[^>]*>')


async def test_a_new_installation_knows_nobody(app: Application) -> None:
    assert await User.all().count() == 0
    assert await Operator.all().count() == 0


async def test_a_password_that_was_given_out_does_not_stay(ann: Person) -> None:
    await User.filter(id=ann.id).update(must_change_password=True)
    await step_up(ann)

    same = await ann.does(CHANGE_PASSWORD, currentPassword=PASSWORD, newPassword=PASSWORD)

    assert same["errors"] == [{"code": "PASSWORD_TOO_WEAK", "path": ["newPassword"]}]
    assert "CHANGE_PASSWORD" in (await ann.asks(SESSIONS))["session"]["pendingSteps"]
    other = await ann.does(CHANGE_PASSWORD, currentPassword=PASSWORD, newPassword=f"{PASSWORD} 2")
    assert other["errors"] == []
    assert (await ann.asks(SESSIONS))["session"]["status"] == "ACTIVE"


async def test_a_password_does_not_run_out(ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    move_clock(monkeypatch, days=3000)

    came = await Person(ann.app).does(LOGIN, email=ann.email, password=PASSWORD)

    assert (came["errors"], came["session"]["pendingSteps"]) == ([], ["VERIFY_EMAIL"])


@pytest.mark.parametrize("kind", ["reset", "verify-email"])
async def test_a_password_is_masked_and_left_to_password_managers(
    app: Application, kind: str
) -> None:
    kim = await settled(app, "Kim")
    link, completes = await reset_link(kim), "new-password"
    if kind == "verify-email":
        bea = await register(app, "Bea")
        link = f"/verify-email/{await link_in(bea.email, 'verify_email')}"
        completes = "current-password"

    async with browser(app) as client:
        (field,) = FIELD.findall((await client.get(link)).text)

    assert 'type="password"' in field
    assert f'autocomplete="{completes}"' in field
    assert "maxlength" not in field
    assert "onpaste" not in field
