"""Statements written by hand, and rows whose columns say of whom they are: `account.name`, `opener.id`."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import starmap
from typing import Any, TypeAlias, TypeVar

from tortoise import Model
from tortoise.fields.relational import BackwardFKRelation, ForeignKeyFieldInstance

from app.database import current, riders
from app.database.conversions import conversion, converted

Row: TypeAlias = Mapping[str, Any]
Make: TypeAlias = Callable[..., tuple[Any, ...]]
M = TypeVar("M", bound=Model)


async def select(sql: str, *values: object) -> Sequence[Any]:
    """Run a SELECT whose parameters are written `$1`, `$2`, on either database; rows are read by place or by name."""
    connection = current.connection()
    if connection.capabilities.dialect == "sqlite":
        sql = sql.replace("$", "?")
    found: Sequence[Any] = await connection.select(sql, values)
    return found


async def joined(models: "Joined", sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Run a SELECT of the columns of several models, and nothing else; the models of each row."""
    rider = riders.waiting()
    if rider is None:
        return models.make(await select(sql, *values))
    return models.make(row[1:] for row in await rider.carry(sql, values))


def columns(model: type[Model]) -> tuple[str, ...]:
    """Name a model's columns; also before Tortoise has started, when it does not know those of foreign keys yet."""
    fields = model._meta.fields_map.items()  # noqa: SLF001  # Tortoise has no public name for it
    own = (
        f"{name}_id" if isinstance(kind, ForeignKeyFieldInstance) else name
        for name, kind in fields
        if not isinstance(kind, BackwardFKRelation)
    )
    return tuple(dict.fromkeys(own))


def under(path: str, names: Iterable[str], name: str | None = None) -> dict[str, str]:
    """Name what `.values(…)` shall read along a foreign key: `{"opener.id": "opener_id"}`."""
    return {f"{name or path}.{column}": _along(path, column) for column in names}


def _along(path: str, column: str) -> str:
    """Name a column along relations; the key at the end of one is told where it begins."""
    way = f"{path}__{column}"
    return f"{way.removesuffix('__id')}_id" if way.endswith("__id") else way


def whole(model: type[Model], name: str, path: str | None = None) -> dict[str, str]:
    """Name all columns of a model along a relation, or those of the rows themselves where there is no path."""
    way = f"{path}__" if path else ""
    return {f"{name}.{column}": f"{way}{column}" for column in columns(model)}


def instance(model: type[M], name: str, row: Row, only: tuple[str, ...] | None = None) -> M | None:
    """Take a model's row, or make it out of the columns under its name, or some; None where the join found nothing.

    The columns are what their fields make of them, as a queryset's values are.
    """
    if name in row:
        nested: M | None = row[name]
        return nested
    if row.get(f"{name}.id") is None:
        return None
    read = tuple(column for column in only or columns(model) if f"{name}.{column}" in row)
    made: M = _maker(model, name, read)(row)
    return made


def found(model: type[M], name: str, row: Row, only: tuple[str, ...] | None = None) -> M:
    """Take or make the row where the join cannot have found nothing; `only` as `instance` has it."""
    there: M | None = row.get(name) or instance(model, name, row, only)
    if there is None:
        raise LookupError(name)
    return there


class Joined:
    """Several models that one SELECT reads, each under the name of its table; every row is made into all of them."""

    def __init__(self, **models: type[Model]) -> None:
        self.models = models
        self._makers: dict[str, Make] = {}

    @property
    def columns(self) -> str:
        """List all of their columns for the SELECT."""
        return ", ".join(
            f"{table}.{column}" for table, model in self.models.items() for column in columns(model)
        )

    def make(self, rows: Iterable[Sequence[object]]) -> list[tuple[Any, ...]]:
        """Make the models of each row, in their order; None for one whose join found nothing.

        What is selected beyond their columns comes after them.
        """
        dialect = current.dialect()
        if dialect not in self._makers:
            self._makers[dialect] = self._written(dialect)
        return list(starmap(self._makers[dialect], rows))

    def _written(self, dialect: str) -> Make:
        things: dict[str, object] = {}
        made: list[str] = []
        arguments: list[str] = []
        for model in self.models.values():
            kinds = model._meta.fields_map  # noqa: SLF001  # Tortoise has no public name for it
            taken = {column: f"v{len(arguments) + at}" for at, column in enumerate(columns(model))}
            arguments += taken.values()
            read = {
                column: converted(value, conversion(kinds[column], dialect), things)
                for column, value in taken.items()
            }
            made.append(built(model, read, things))
        text = f"lambda {', '.join(arguments)}, *more: ({', '.join(made)}, *more)"
        make: Make = eval(text, things)  # noqa: S307  # nothing but names of columns is in it
        return make


@lru_cache(maxsize=64)
def _maker(model: type[Model], name: str, read: tuple[str, ...]) -> Callable[[Row], Any]:
    things: dict[str, object] = {}
    taken = {column: f"row[{f'{name}.{column}'!r}]" for column in read}
    text = f"lambda row: {built(model, taken, things)}"
    make: Callable[[Row], Any] = eval(text, things)  # noqa: S307  # nothing but names of columns is in it
    return make


def built(model: type[Model], taken: Mapping[str, str], things: dict[str, object]) -> str:
    """Write what builds a model, as a queryset would, and none without a key: names come from us, written by `repr`."""
    meta = model._meta  # noqa: SLF001  # Tortoise has no public name for it
    has_own_key = meta.db_pk_column not in meta.generated_db_fields
    kind, made, key = (f"{letter}{len(things)}" for letter in "bek")
    things |= {kind: model, "new": model.__new__, "fill": object.__setattr__}
    items = [f"{column!r}: {value}" for column, value in {**taken, meta.pk_attr: key}.items()]
    state = "'_partial': False, '_saved_in_db': True, '_await_when_save': {}"
    state += f", '_custom_generated_pk': {has_own_key}"
    values = f"{{{', '.join(items)}, {state}}}"
    filled = f"{made} if fill({made} := new({kind}), '__dict__', {values}) is None else None"
    return f"(({filled}) if ({key} := {taken[meta.pk_attr]}) is not None else None)"


def copied(row: M) -> M:
    """Copy a row, as it was read."""
    copy = type(row).__new__(type(row))
    object.__setattr__(copy, "__dict__", dict(vars(row)))  # Tortoise has no say in what is read
    return copy
