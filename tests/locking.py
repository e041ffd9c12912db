"""Somebody who guesses at a password until the sign-in is locked."""

from datetime import timedelta

from app.domain import throttling
from app.kit import clock
from models import Throttle
from tests.stage import LOGIN, Person, link_in


async def lock_out(person: Person) -> str:
    """Make the hundredth guess, and return the path that the mail leads to."""
    key, last = throttling.by_address(person.email), clock.now() - timedelta(hours=2)
    await Throttle.filter(key=key).delete()
    await Throttle.create(key=key, misses=99, last_at=last)
    assert await knock(person, "guess") == ["INVALID_CREDENTIALS"]
    return f"/unlock/{await link_in(person.email, 'locked')}"


async def knock(person: Person, password: str) -> list[str]:
    """Try to sign in on a strange device, and return the codes of the errors."""
    payload = await Person(person.app).does(LOGIN, email=person.email, password=password)
    return [error["code"] for error in payload["errors"]]
