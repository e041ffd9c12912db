"""Links that were kept: what they were for has changed since, and they are good for nothing."""

import pytest

from app.main import Application
from models import User
from tests.identity import CHANGE_PASSWORD
from tests.recovering import MOVE, PROVE, VERIFY, change_link, reset_link, settled
from tests.stage import LOGIN, PASSWORD, Person, link_in, move_clock
from tests.test_recovery import RESET

NEW, NEWER = "a wholly other horse", "yet another horse battery"
STALE = ["LINK_EXPIRED"]


@pytest.fixture
async def kim(app: Application) -> Person:
    """Kim has a verified address, and has just proved who she is."""
    return await settled(app, "Kim")


async def codes(person: Person, mutation: str, **input: object) -> list[str]:
    """Say with which codes a mutation is refused."""
    return [error["code"] for error in (await person.does(mutation, **input))["errors"]]


async def kept(kim: Person) -> str:
    """Ask for a reset, and keep the secret of its link."""
    return (await reset_link(kim)).rpartition("/")[2]


async def can_sign_in(kim: Person, email: str, password: str) -> bool:
    """Tell whether a password is the one."""
    return await codes(Person(kim.app), LOGIN, email=email, password=password) == []


async def test_a_reset_link_dies_with_the_password_that_it_was_for(kim: Person) -> None:
    link = await kept(kim)
    assert await codes(kim, CHANGE_PASSWORD, currentPassword=PASSWORD, newPassword=NEW) == []

    assert await codes(Person(kim.app), RESET, token=link, newPassword=NEWER) == STALE

    assert await can_sign_in(kim, kim.email, NEW)


async def test_a_reset_link_dies_with_the_address_that_it_was_sent_to(kim: Person) -> None:
    link = await kept(kim)
    moving = (await change_link(kim, "kim@new.example")).rpartition("/")[2]
    assert await codes(kim, VERIFY, token=moving) == []

    assert await codes(Person(kim.app), RESET, token=link, newPassword=NEWER) == STALE

    assert await can_sign_in(kim, "kim@new.example", PASSWORD)


async def test_a_reset_link_dies_with_the_next_one_used_or_not(
    kim: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await kept(kim)
    move_clock(monkeypatch, minutes=1)
    second = await kept(kim)
    assert await codes(Person(kim.app), RESET, token=first, newPassword=NEWER) == STALE

    assert await codes(Person(kim.app), RESET, token=second, newPassword=NEW) == []

    assert await codes(Person(kim.app), RESET, token=first, newPassword=NEWER) == STALE
    assert await can_sign_in(kim, kim.email, NEW)


async def test_a_link_for_an_address_that_is_no_longer_wanted_moves_nobody(
    kim: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = (await change_link(kim, "kim@old.example")).rpartition("/")[2]
    move_clock(monkeypatch, minutes=1)
    new = (await change_link(kim, "kim@new.example")).rpartition("/")[2]

    assert await codes(kim, VERIFY, token=old) == STALE
    assert await codes(kim, VERIFY, token=new) == []

    assert (await User.get(id=kim.id)).email == "kim@new.example"


async def test_a_reset_drops_the_address_that_was_asked_for(kim: Person) -> None:
    moving = (await change_link(kim, "kim@new.example")).rpartition("/")[2]
    assert await codes(Person(kim.app), RESET, token=await kept(kim), newPassword=NEW) == []

    login = {"email": kim.email, "password": NEW}
    assert await codes(Person(kim.app), VERIFY, token=moving, **{"as": login}) == STALE

    stored = await User.get(id=kim.id)
    assert (stored.email, stored.pending_email) == (kim.email, None)


async def test_a_verification_link_dies_when_the_address_changes(
    app: Application, ann: Person
) -> None:
    first = await link_in(ann.email, "verify_email")
    ann.token = (await ann.does(PROVE, password=PASSWORD))["sessionToken"]
    moving = (await change_link(ann, "anna@x.example")).rpartition("/")[2]
    assert await codes(ann, VERIFY, token=moving) == []

    assert await codes(ann, VERIFY, token=first) == STALE
    assert await codes(ann, MOVE, email="anna@x.example") == ["EMAIL_TAKEN"]
