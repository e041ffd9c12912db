"""A server that is reached by an address, for which browsers keep no passkeys."""

import pytest

from app.kit.settings import Settings
from models import Challenge
from tests.passkeys import BEGIN_PROOF, BEGIN_SETUP, proves_address, steps_up
from tests.stage import Person


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """As an installation in a local network."""
    return settings.model_copy(update={"app_url": "http://192.168.1.2:8000"})


async def test_passkeys_ask_for_a_name_of_the_server(ann: Person, nobody: Person) -> None:
    await proves_address(ann)
    await steps_up(ann)

    for person, query in ((ann, BEGIN_SETUP), (nobody, BEGIN_PROOF)):
        (payload,) = (await person.asks(query)).values()
        (error,) = payload["errors"]
        assert (error["code"], error["path"]) == ("INVALID_INPUT", [])
        assert "KEYFOB_APP_URL" in error["message"]
    assert await Challenge.all().count() == 0
