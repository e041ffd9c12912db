"""What a row holds is stored as its fields would store it, and refused as they would refuse it."""

import warnings
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any

import pytest
from tortoise import Model
from tortoise.fields.base import Field

import models
from app.database.opening import opened
from app.database.statements import columns
from app.database.storing import Store, storing
from models import key

KINDS = [each for each in vars(models).values() if isinstance(each, type)]
MODELS = [each for each in KINDS if issubclass(each, Model)]
NOW = datetime(2026, 11, 28, 9, 30, 0, 123_000, UTC)
VALUES: list[object] = [
    *(None, "", "x", "x" * 20_000, "\0", 0, 7, -1, 2**40, True, False, 1.5, b"x"),
    *(NOW, NOW.replace(tzinfo=None), NOW.astimezone(timezone(timedelta(hours=2)))),
    *(frozenset(), models.EVERYTHING, models.Permission.TICKETS),
    *(key.mint(prefix) for prefix in ("acc", "usr", "ses", "mem", "tkt", "msg", "eml", "dep")),
]


@pytest.fixture(autouse=True)
async def database(database_url: str) -> AsyncIterator[None]:
    async with opened(database_url):
        yield


@pytest.mark.parametrize("model", MODELS)
def test_what_is_stored_is_what_the_fields_would_store(model: type[Model]) -> None:
    kinds = model._meta.fields_map  # noqa: SLF001  # it has no public name
    for name in columns(model):
        members = [*getattr(kinds[name], "enum_type", ())]
        store = storing(model, [name])
        for value in (*VALUES, *members, *(member.value for member in members)):
            row = model.__new__(model)
            vars(row).update({name: value, "_saved_in_db": False, "_await_when_save": {}})
            [expected] = attempt(partial(_by_field, kinds[name], value), row)
            for _ in ("met first", "met again"):
                assert attempt(store, row) == [expected], (name, value)


def _by_field(field: Field[Any], value: object, row: Model) -> list[object]:
    return [field.to_db_value(value, row)]


def attempt(store: Store, row: Model) -> list[object]:
    """Store what a row holds, or name the refusal."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return store(row)
        except Exception as error:  # noqa: BLE001  # whichever it is, both have to raise it
            return [(type(error), str(error))]
