"""Keys as people see them: TypeIDs, as another implementation of their specification writes and reads them."""

from uuid import UUID

import pytest
import uuid_utils
from hypothesis import given
from hypothesis import strategies as some
from typeid import TypeID
from typeid.errors import TypeIDException

from models import key

KEYS = some.uuids(version=None)
TEXTS = some.text(alphabet="01789abcghijklmnopstuvwxyzABIU_٣", min_size=20, max_size=32)


def known_as(text: str) -> UUID | None:
    """Read the key of an account, if it is one."""
    try:
        return key.read("acc", text)
    except ValueError:
        return None


@given(KEYS)
def test_a_key_is_written_as_a_type_id(uuid: UUID) -> None:
    written = key.write("acc", uuid)

    assert written == str(TypeID.from_uuid(uuid_utils.UUID(str(uuid)), "acc"))
    assert key.read("acc", written) == uuid
    assert key.stored("acc", written) == str(uuid)


@given(
    TEXTS | TEXTS.map("acc_{}".format) | KEYS.map(lambda uuid: key.write("acc", uuid)[:-1] + "z")
)
def test_what_is_no_type_id_is_no_key(text: str) -> None:
    try:
        known = TypeID.from_string(text)
        expected = UUID(bytes=known.uuid.bytes) if known.prefix == "acc" else None
    except TypeIDException:
        expected = None

    assert known_as(text) == expected


@pytest.mark.parametrize(
    "text", ["", "acc", "acc_", "_", f"acc_8{'z' * 25}", f"usr_{'0' * 26}", f"acc_{'0' * 26}\n"]
)
def test_a_text_that_is_nearly_a_key_is_none(text: str) -> None:
    assert known_as(text) is None
