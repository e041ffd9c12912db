"""Writing what was decided in one round trip: rows of Tortoise's models, joined where the database can.

On PostgreSQL the writes are parts of one statement. They see the same snapshot and run in no order that is promised, so
none may read or change what another writes; keys are known beforehand, and foreign keys are checked at the end.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import TypeAlias, TypeVar

import orjson
from tortoise import Model

from app.database import current
from app.database.statements import columns
from app.database.storing import Store, storing

Write: TypeAlias = tuple[str, Sequence[object]]
"""A statement whose parameters are written `$1`, `$2`, with their values."""
M = TypeVar("M", bound=Model)

MOST_VALUES = 1_000  # PostgreSQL takes 65,535 in one statement, asyncpg 32,767
PARAMETER = re.compile(r"\$(\d+)")


def fresh(model: type[M], **values: object) -> M:
    """Make a new row as its class does, of values that are what its fields make of them; the rest are defaults."""
    plain, made = _defaults(model)
    if not values.keys() <= plain.keys():
        raise TypeError(values.keys() - plain.keys())
    held = {**plain, **values, "_await_when_save": {}}
    for name, make in made:
        if name not in values:
            held[name] = make()
    row = model.__new__(model)
    object.__setattr__(
        row, "__dict__", held
    )  # Tortoise converts each value, which takes longer than writing it
    return row


@lru_cache(maxsize=64)
def _defaults(
    model: type[Model],
) -> tuple[dict[str, object], list[tuple[str, Callable[[], object]]]]:
    kinds = model._meta.fields_map  # noqa: SLF001
    defaults = {name: kinds[name].default for name in columns(model)}
    plain = {name: None if callable(each) else each for name, each in defaults.items()}
    made = [(name, each) for name, each in defaults.items() if callable(each)]
    state = {"_partial": False, "_saved_in_db": False, "_custom_generated_pk": False}
    return {**plain, **state}, made


def insert(row: Model) -> Write:
    """Insert a new row, which counts as saved from now on."""
    text, store = _insertion(type(row), current.dialect())
    put(row, _saved_in_db=True)  # what `save` would do
    return text, store(row)


@lru_cache(maxsize=64)
def _insertion(model: type[Model], _dialect: str) -> tuple[str, Store]:
    connection = current.connection()
    executor = connection.executor_class(model, connection)
    return _numbered(executor.insert_query_all), storing(model, executor.regular_columns_all)


def put(row: Model, **values: object) -> None:
    """Change a row by values that are what its fields make of them: Tortoise would ask three questions of each."""
    vars(row).update(values)


def change(row: Model, **values: object) -> Write:
    """Change a row that is there, as `put` does, and write what was changed."""
    text, store = _change(type(row), tuple(values))
    put(row, **values)
    return text, store(row)


@lru_cache(maxsize=256)
def _change(model: type[Model], names: tuple[str, ...]) -> tuple[str, Store]:
    meta = model._meta  # noqa: SLF001  # it has no public name
    columns = [meta.fields_db_projection[name] for name in names]
    sets = ", ".join(f'"{column}"=${n}' for n, column in enumerate(columns, 1))
    key = f'"{meta.db_pk_column}"=${len(names) + 1}'
    text = f'UPDATE "{meta.db_table}" SET {sets} WHERE {key}'  # noqa: S608  # names of columns only
    return text, storing(model, [*names, meta.pk_attr])


def notice(channel: str, topics: Iterable[str]) -> list[Write]:
    """Tell the topics to whoever listens; on SQLite there is no other process to tell."""
    told = sorted(topics)
    if not told or current.dialect() == "sqlite":
        return []
    return [("SELECT pg_notify($1, $2)", [channel, orjson.dumps(told).decode()])]


async def write(writes: Iterable[Write]) -> None:
    """Run writes that do not depend on one another, in the transaction of the caller."""
    connection = current.connection()
    if connection.capabilities.dialect == "sqlite":
        await connection.run([(text.replace("$", "?"), values) for text, values in writes])
        return
    for some in _statements(writes):
        values = [*chain.from_iterable(part for _, part in some)]
        await connection.execute_query(joined(tuple(text for text, _ in some)), values)


def _statements(writes: Iterable[Write]) -> Iterator[list[Write]]:
    """Share writes out: one statement for all of them, unless they are very many."""
    some: list[Write] = []
    size = 0
    for each in writes:
        if some and size + len(each[1]) > MOST_VALUES:
            yield some
            some, size = [], 0
        some.append(each)
        size += len(each[1])
    if some:
        yield some


@lru_cache(maxsize=256)
def joined(texts: tuple[str, ...]) -> str:
    """Make one statement of several, its parameters numbered through."""
    numbered, start = [], 0
    for text in texts:
        numbered.append(_shifted(text, start))
        start += len(set(PARAMETER.findall(text)))
    parts = ", ".join(f"w{number} AS ({text})" for number, text in enumerate(numbered[:-1]))
    return f"WITH {parts} {numbered[-1]}" if parts else numbered[-1]


def _shifted(text: str, start: int) -> str:
    return PARAMETER.sub(lambda found: f"${int(found[1]) + start}", text)


@lru_cache(maxsize=256)
def _numbered(text: str) -> str:
    """Write bare question marks, as SQLite's dialect has them, as `$1`, `$2`."""
    if "?" not in text:
        return text
    parts = text.split("?")
    return parts[0] + "".join(f"${n}{part}" for n, part in enumerate(parts[1:], 1))
