"""Statements written by hand, and rows whose columns say of whom they are: `account.name`, `opener.id`."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

from tortoise import Model, connections
from tortoise.fields.relational import BackwardFKRelation, ForeignKeyFieldInstance

Row: TypeAlias = Mapping[str, Any]
M = TypeVar("M", bound=Model)


async def select(sql: str, *values: object) -> list[Row]:
    """Run a SELECT whose parameters are written `$1`, `$2`, on either database."""
    connection = connections.get("default")
    if connection.capabilities.dialect == "sqlite":
        sql = sql.replace("$", "?")
    found: list[Row] = await connection.execute_query_dict(sql, list(values))
    return found


def columns(model: type[Model]) -> tuple[str, ...]:
    """Name a model's columns; also before Tortoise has started, when it does not know those of foreign keys yet."""
    fields = model._meta.fields_map.items()  # noqa: SLF001  # Tortoise has no public name for it
    own = (
        f"{name}_id" if isinstance(kind, ForeignKeyFieldInstance) else name
        for name, kind in fields
        if not isinstance(kind, BackwardFKRelation)
    )
    return tuple(dict.fromkeys(own))


def selected(model: type[Model], table: str, name: str) -> str:
    """List all columns of a table for a SELECT, each under its owner's name."""
    return ", ".join(f'{table}.{column} AS "{name}.{column}"' for column in columns(model))


def under(path: str, names: Iterable[str], name: str | None = None) -> dict[str, str]:
    """Name what `.values(…)` shall read along a relation: `{"opener.id": "opener__id"}`."""
    return {f"{name or path}.{column}": f"{path}__{column}" for column in names}


def whole(model: type[Model], name: str, path: str | None = None) -> dict[str, str]:
    """Name all columns of a model along a relation, or those of the rows themselves where there is no path."""
    way = f"{path}__" if path else ""
    return {f"{name}.{column}": f"{way}{column}" for column in columns(model)}


def instance(model: type[M], name: str, row: Row) -> M | None:
    """Make a model's row out of the columns under its name; None where the join found nothing."""
    if row.get(f"{name}.id") is None:
        return None
    own = {column: row[key] for column, key in _keys(model, name)}
    return model._init_from_db(**own)  # noqa: SLF001  # what a queryset would do


@lru_cache(maxsize=64)
def _keys(model: type[Model], name: str) -> tuple[tuple[str, str], ...]:
    return tuple((column, f"{name}.{column}") for column in columns(model))


def found(model: type[M], name: str, row: Row) -> M:
    """Make the row where the join cannot have found nothing."""
    row_of_model = instance(model, name, row)
    if row_of_model is None:
        raise LookupError(name)
    return row_of_model
