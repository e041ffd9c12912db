"""Names, as people type them into the API."""

import pytest

from app.kit import names
from models import User
from tests.kit.test_names import FINE, REFUSED
from tests.stage import Person

PROFILE = """mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
  me { firstName user { initials displayName } } errors { code path } } }"""
UNREADABLE = [text for text in REFUSED if "\0" in text or "\ud800" in text]


@pytest.mark.parametrize("field", ["firstName", "lastName"])
async def test_a_name_that_hides_something_is_refused_at_its_field(ann: Person, field: str) -> None:
    heard = {}
    for text in REFUSED:
        if text not in UNREADABLE:
            payload = await ann.does(PROFILE, **{field: text})
            heard[text] = [(error["code"], error["path"]) for error in payload["errors"]]

    assert {text for text, errors in heard.items() if errors != [("INVALID_INPUT", [field])]} == (
        set()
    )
    stored = await User.get(id=ann.id)
    assert stored.display_name == "Ann Example"


async def test_what_no_database_takes_is_a_bad_request(ann: Person) -> None:
    response = await ann.sends(PROFILE, input={"firstName": "Ann\0Smith"})

    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert (await User.get(id=ann.id)).first_name == "Ann"


async def test_a_name_of_any_script_stays_as_typed(ann: Person) -> None:
    shown = {}
    for text in FINE:
        payload = await ann.does(PROFILE, firstName=text, lastName="Example")
        assert payload["errors"] == []
        shown[payload["me"]["firstName"]] = payload["me"]["user"]["initials"]

    assert shown == {text: names.initials(f"{text} Example") for text in FINE}
