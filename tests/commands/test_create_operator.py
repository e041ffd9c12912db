"""Making support staff, on the command line."""

import json

from app.kit import clock
from app.main import Application
from models import AuditAction, AuditEvent, Operator, OperatorRole, User
from tests.commands.terminal import Terminal
from tests.stage import LOGIN, PASSWORD, Person, register


async def test_a_new_operator_signs_in_with_the_password_that_is_printed_once(
    installed: Terminal, app: Application
) -> None:
    lines = installed.succeeds("create-operator", "olga@x.example", "Olga", "Staff", "--admin")

    assert lines[0] == "olga@x.example is support staff now: ADMIN."
    password = lines[1].removeprefix("Password, shown this once: ")
    came = await Person(app).does(LOGIN, email="olga@x.example", password=password)
    assert (came["me"], came["errors"]) == (None, [])
    assert "CHANGE_PASSWORD" in came["session"]["pendingSteps"]
    assert (await Operator.get()).role is OperatorRole.ADMIN
    event = await AuditEvent.get(action=AuditAction.OPERATOR_SAVED)
    assert json.loads(event.changes) == [{"field": "role", "before": None, "after": "ADMIN"}]


async def test_an_operator_keeps_name_and_password_when_the_rank_changes(
    installed: Terminal, app: Application
) -> None:
    olga = await register(app, "Olga")
    await User.all().update(email_verified_at=clock.now())
    installed.succeeds("create-operator", olga.email, "O", "S", "--admin")

    lines = installed.succeeds("create-operator", olga.email.upper(), "O", "S")

    assert lines == ["OLGA@X.EXAMPLE is support staff now: AGENT."]
    assert (await Operator.get()).role is OperatorRole.AGENT
    assert (await User.get()).first_name == "Olga"
    assert (await Person(app).does(LOGIN, email=olga.email, password=PASSWORD))["errors"] == []


async def test_whoever_never_showed_the_address_to_be_theirs_is_made_no_operator(
    installed: Terminal, app: Application
) -> None:
    squatter = await register(app, "Olga")

    line = installed.complaint("create-operator", squatter.email, "Olga", "Staff", "--admin")

    assert line == (
        "keyfob: There is a user with this address, who has never verified it. "
        "Have them do so first."
    )
    assert not await Operator.exists()


async def test_an_operator_needs_an_address(installed: Terminal, app: Application) -> None:
    assert installed.complaint("create-operator", "olga", "Olga", "Staff").startswith("keyfob: ")
    assert not await User.exists()
