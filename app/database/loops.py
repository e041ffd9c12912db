"""The loop that makes rows of what was read: its text is written once for a statement, names in it by `repr`.

A column is read and converted once, under however many names, and models are made on the way.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeAlias

from pypika_tortoise.terms import Field as Column
from pypika_tortoise.terms import Term
from tortoise import Model
from tortoise.fields.base import Field
from tortoise.queryset import ValuesQuery

from app.database.conversions import Conversion, Convert, conversion, converted
from app.database.statements import Row, built

Make: TypeAlias = Callable[[Any], list[Row]]
Nests: TypeAlias = Mapping[str, type[Model]]
Things: TypeAlias = dict[str, object]
Names: TypeAlias = Mapping[str, str]

LOOP = "lambda rows: [{{{items}}} for {columns}, in rows {shared}]"


def select_once(query: ValuesQuery[Any]) -> Names:
    """Leave each column out that a query selects again, and say under which name each is found."""
    names: dict[str, str] = {}
    first: dict[Hashable, Term] = {}
    written: Any = query.query
    for selected in written._selects:  # noqa: SLF001  # pypika has no public name for what is selected
        names[str(selected.alias)] = str(first.setdefault(_column(selected), selected).alias)
    written._selects = list(first.values())  # noqa: SLF001  # the same
    return names


def makers(query: ValuesQuery[Any], names: Names, dialect: str, nests: Nests) -> tuple[Make, Make]:
    """Write the loop for rows, and for rows behind a column that is none of theirs."""
    things: Things = {}
    found, shared = _values(query, names, dialect, things)
    values = {name: found[first] for name, first in names.items()}
    parts = {"items": ", ".join(_items(values, nests, things)), "shared": " ".join(shared)}
    columns = [f"v{number}" for number in range(len(found))]
    alone = LOOP.format(columns=", ".join(columns), **parts)
    ridden = LOOP.format(columns=", ".join(("_", *columns)), **parts)
    return eval(alone, things), eval(ridden, things)  # noqa: S307  # nothing but names of ours is in them


def _values(
    query: ValuesQuery[Any], names: Names, dialect: str, things: Things
) -> tuple[dict[str, str], list[str]]:
    """Write what each column becomes, and the loops of one turn that convert for several names."""
    sources = query._fields_for_select  # noqa: SLF001  # what `.values(…)` has understood
    often = Counter(names.values())
    values: dict[str, str] = {}
    shared: list[str] = []
    for number, selected in enumerate(query.query._selects):  # noqa: SLF001  # as in select_once
        name = str(selected.alias)
        convert = query.resolve_to_python_value(query.model, sources[name])
        shorter = _shortened(convert, dialect, recurs=name != "id")
        values[name] = converted(f"v{number}", shorter, things)
        if often[name] > 1:
            shared.append(f"for s{number} in ({values[name]},)")
            values[name] = f"s{number}"
    return values, shared


def _shortened(convert: Convert, dialect: str, *, recurs: bool) -> Conversion | None:
    field = getattr(convert, "__self__", None)  # whose method it is; else it is right already
    return conversion(field, dialect, recurs=recurs) if isinstance(field, Field) else None


def _items(values: Mapping[str, str], nests: Nests, things: Things) -> list[str]:
    """Write the row: its columns, and the models that others are of."""
    nested: dict[str, dict[str, str]] = {name: {} for name in nests}
    items = []
    for name, value in values.items():
        prefix, _, column = name.rpartition(".")
        if prefix in nested:
            nested[prefix][column] = value
        else:
            items.append(f"{name!r}: {value}")
    return items + [
        f"{name!r}: {built(nests[name], read, things)}" for name, read in nested.items()
    ]


def _column(selected: Term) -> Hashable:
    """Tell a column, however often it is selected, from every other; what is no column is only like itself."""
    if isinstance(selected, Column) and selected.table is not None:
        return selected.table.get_table_name(), selected.name
    return id(selected)
