"""From what a row holds to what a driver takes: the questions that a field asks of each value, asked in one go.

Whatever is not plainly right goes through the field, which converts it, or says what is wrong with it.
"""

from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from tortoise import Model, fields
from tortoise.fields.base import Field
from tortoise.validators import MaxLengthValidator

from app.database.conversions import Table

Store: TypeAlias = Callable[[Model], list[object]]
PLAIN: Final = frozenset({str, int, bool})
KEYS: Final[dict[Hashable, Table]] = {}
NEVER: Final = "{} is ..."  # nothing that a row holds is Ellipsis


def storing(model: type[Model], names: Iterable[str]) -> Store:
    """Write the function that lists the columns of a row as they are stored."""
    kinds = model._meta.fields_map  # noqa: SLF001  # it has no public name
    things: dict[str, object] = {"datetime": datetime, "UTC": UTC}
    values = [_value(kinds[name], name, things) for name in names]
    listed: Callable[[Model, dict[str, object]], list[object]] = eval(  # noqa: S307  # names of columns only
        f"lambda row, held: [{', '.join(values)}]", things
    )
    return lambda row: listed(row, vars(row))


def _value(field: Field[Any], name: str, things: dict[str, object]) -> str:
    number = len(things)
    value, slow, table = f"v{number}", f"f{number}", f"t{number}"
    things[slow], things[table] = field.to_db_value, _table(field)
    otherwise = f"{slow}({value}, row)"
    if field.null:
        otherwise = f"{otherwise} if {value} is not None else None"
    if things[table] is not None:
        right, quick = f"{value} is not None", f"{table}[{value}]"
    else:
        right, quick = _rightness(field, value), value
    # The value is named where it is first read.
    return (
        f"({quick} if {right.replace(value, f'({value} := held[{name!r}])', 1)} else {otherwise})"
    )


def _rightness(field: Field[Any], value: str) -> str:
    """Write the question whether a value is stored as it is; never, if its field has questions of its own."""
    lengths = [each.max_length for each in field.validators if isinstance(each, MaxLengthValidator)]
    if len(lengths) < len(field.validators):
        return NEVER.format(value)
    if isinstance(field, fields.DatetimeField) and not (field.auto_now or field.auto_now_add):
        return f"{value}.__class__ is datetime and {value}.tzinfo is UTC"
    if type(field).to_db_value is not Field.to_db_value or field.field_type not in PLAIN:
        return NEVER.format(value)
    shorter = "".join(f" and len({value}) <= {most}" for most in lengths)
    return f"{value}.__class__ is {field.field_type.__name__}{shorter}"


def _table(field: Field[Any]) -> Table | None:
    """Remember how members of enumerations, sets and keys of others are stored; a row's own key is stored once.

    One table is for all keys of a kind: they are many.
    """
    if isinstance(field, fields.UUIDField):
        kind = type(field), getattr(field, "prefix", None)
        return None if field.pk else KEYS.setdefault(kind, _storing(field))
    recurs = field.field_type is frozenset or getattr(field, "enum_type", None) is not None
    return _storing(field) if recurs else None


def _storing(field: Field[Any]) -> Table:
    return Table(lambda value: field.to_db_value(value, field.model))
