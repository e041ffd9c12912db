"""Rows that are written often are made without Tortoise's constructor, and are the same."""

import pytest
from tortoise import Model

from app.database.writes import fresh
from models import ActorKind, AuditEvent, Email, TicketMessage

GIVEN: list[tuple[type[Model], dict[str, object]]] = [
    (TicketMessage, {"body": "Hello", "author_kind": ActorKind.USER, "internal": True}),
    (AuditEvent, {"sequence": 7, "targets": "[]"}),
    (Email, {"recipient": "ann@x.example", "attempts": 2}),
]


@pytest.mark.parametrize(("model", "values"), GIVEN)
@pytest.mark.usefixtures("app")
def test_a_fresh_row_is_what_its_class_makes(model: type[Model], values: dict[str, object]) -> None:
    made, usual = vars(fresh(model, **values)), vars(model(**values))

    keys = made.pop("id"), usual.pop("id")
    assert made == usual
    assert {key[:4] for key in keys} == {keys[0][:4]}
    assert keys[0] != keys[1]


def test_a_fresh_row_has_no_column_that_its_table_has_not() -> None:
    with pytest.raises(TypeError, match="colour"):
        fresh(Email, colour="red")


def test_a_default_is_shared_by_no_two_rows() -> None:
    one, other = vars(fresh(AuditEvent)), vars(fresh(AuditEvent))

    shared = [
        name
        for name, value in one.items()
        if isinstance(value, list | dict) and value is other[name]
    ]
    assert shared == []
