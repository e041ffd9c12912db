"""Changing tables on SQLite, which can change little: a new table takes the old one's place."""

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any, TypeAlias

from tortoise import Model
from tortoise.exceptions import IntegrityError
from tortoise.fields import Field
from tortoise.indexes import Index
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.migrations.schema_editor.sqlite import SqliteSchemaEditor

from app.database.sqlite_text import Body, named, statements

AnyField: TypeAlias = Field[Any]
Changes: TypeAlias = Sequence[tuple[AnyField, AnyField]]

CONSTRAIN = re.compile(r'ALTER TABLE "?(\w+)"? ADD (CONSTRAINT .+);', re.DOTALL | re.IGNORECASE)
RELEASE = re.compile(r'ALTER TABLE "?(\w+)"? DROP CONSTRAINT "?(\w+)"?;', re.IGNORECASE)


class SafeSqliteSchemaEditor(SqliteSchemaEditor):
    """Keeps what Tortoise's own editor loses: indexes, triggers, constraints and children.

    It also understands ALTER TABLE … ADD CONSTRAINT and DROP CONSTRAINT, which SQLite does not.
    """

    async def add_constraint(
        self, model: type[Model], constraint: CheckConstraint | UniqueConstraint
    ) -> None:
        """Add a constraint to a table that may have rows."""
        if isinstance(constraint, CheckConstraint):
            check = f'CONSTRAINT "{constraint.name}" CHECK ({constraint.check})'
            await self._run_sql(f'ALTER TABLE "{table_of(model)}" ADD {check};')
        else:
            await super().add_constraint(model, constraint)

    async def remove_constraint(
        self, model: type[Model], constraint: CheckConstraint | UniqueConstraint
    ) -> None:
        """Take a constraint away."""
        if isinstance(constraint, CheckConstraint):
            table = table_of(model)
            await self._run_sql(f'ALTER TABLE "{table}" DROP CONSTRAINT "{constraint.name}";')
        else:
            await super().remove_constraint(model, constraint)

    async def verify(self) -> None:
        """Refuse to go on if a row refers to one that is not there."""
        _, broken = await self.client.execute_query("PRAGMA foreign_key_check")
        if broken:
            message = f"{len(broken)} rows would refer to missing ones, the first in {broken[0][0]}"
            raise IntegrityError(message)

    async def _run_sql(self, sql: str) -> None:
        for statement in statements(sql):
            if found := CONSTRAIN.fullmatch(statement):
                table, constraint = found.groups()
                await self._rebuild(table, (await self._body(table)).constrained(constraint))
            elif found := RELEASE.fullmatch(statement):
                table, name = found.groups()
                await self._rebuild(table, (await self._body(table)).released(name))
            else:
                await self.client.execute_query(statement)

    async def _alter_field(
        self, model: type[Model], old_field: AnyField, new_field: AnyField
    ) -> None:
        await super()._alter_field(model, old_field, new_field)
        if old_field.index != new_field.index:
            index = Index(fields=(column_of(new_field),))
            change = self.add_index if new_field.index else self.remove_index
            await change(model, index)

    async def _remake_table(
        self,
        model: type[Model],
        create_field: AnyField | None = None,
        delete_field: AnyField | None = None,
        alter_fields: Changes | None = None,
    ) -> None:
        """Change columns: as Tortoise writes those that change, as they were written the others."""
        draft = SqliteSchemaEditor(self.client, collect_sql=True)
        await draft._remake_table(  # noqa: SLF001  # only writes SQL
            model, create_field, delete_field, alter_fields
        )
        create, copy = draft.collected_sql[:2]
        table = table_of(model)
        body = await self._body(table)
        for _, new in alter_fields or ():
            body = body.changed(column_of(new), written(new, Body.of(create)))
        if delete_field:
            body = body.without(column_of(delete_field))
        await self._rebuild(table, body, copy)

    async def _rebuild(self, table: str, body: Body, copy: str | None = None) -> None:
        """Put a table of this form, with the same rows, in the place of the old one."""
        _, enforced = await self.client.execute_query("PRAGMA foreign_keys")
        if enforced[0][0] or not self.atomic_migration:
            message = f"rebuilding {table} needs foreign_keys=OFF and an atomic migration"
            raise RuntimeError(message)
        columns = ", ".join(f'"{column}"' for column in body.columns)
        gone = (await self._body(table)).columns.keys() - body.columns.keys()
        hanging = await self._hanging(table, gone)
        # As sqlite.org/lang_altertable.html tells; the pragma lets triggers elsewhere name the table.
        for statement in (
            "PRAGMA legacy_alter_table=ON",
            body.create(f"new__{table}"),
            copy or f'INSERT INTO "new__{table}" ({columns}) SELECT {columns} FROM "{table}"',  # noqa: S608
            f'DROP TABLE "{table}"',
            f'ALTER TABLE "new__{table}" RENAME TO "{table}"',
            "PRAGMA legacy_alter_table=OFF",
            *hanging,
        ):
            await self.client.execute_query(statement)

    async def _body(self, table: str) -> Body:
        _, found = await self.client.execute_query(
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", [table]
        )
        return Body.of(found[0]["sql"])

    async def _hanging(self, table: str, gone: AbstractSet[str]) -> list[str]:
        """Find the indexes and triggers of a table, but for indexes of columns that are gone."""
        _, found = await self.client.execute_query(
            "SELECT type, sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL"
            " AND type IN ('index', 'trigger')",
            [table],
        )
        return [
            row["sql"]
            for row in found
            if row["type"] == "trigger" or not any(named(row["sql"], name) for name in gone)
        ]


def table_of(model: type[Model]) -> str:
    """Name the table of a model."""
    return model._meta.db_table  # noqa: SLF001  # Tortoise has no public name for it


def column_of(field: AnyField) -> str:
    """Name the column of a field."""
    return field.source_field or field.model_field_name


def written(field: AnyField, body: Body) -> str:
    """Write the definition of a changed column; Tortoise forgets that a reference is unique."""
    text = body.columns[column_of(field)]
    return f"{text} UNIQUE" if field.unique and not field.pk and " UNIQUE" not in text else text
