"""Bringing the tables of a database to where the models are."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import cast

from tortoise.apps import Apps as TortoiseApps
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.migration import Migration
from tortoise.migrations.recorder import MigrationRecorder
from tortoise.migrations.schema_editor import BaseSchemaEditor, SqliteSchemaEditor
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.writer import MigrationWriter, format_migration_name
from tortoise.transactions import in_transaction

from app.database.asyncpg import AsyncpgClient
from app.database.locking import alone
from app.database.opening import APPS, Apps, config, explained, initialised
from app.database.sqlite import SqliteClient
from app.database.sqlite_tables import SafeSqliteSchemaEditor

NOWHERE = "sqlite://nowhere"  # never opened: only the models are read


async def migrate(database_url: str, progress: Callable[[str], None], *, apps: Apps = APPS) -> None:
    """Apply what is pending, one process at a time; each migration's name is told when it is done.

    DatabaseUnavailable if the database cannot be reached. A migration that fails leaves nothing
    behind, unless it is not atomic; those before it stay.
    """
    async with executor(database_url, apps, exclusive=True) as migrations:
        await migrations.apply_all(progress)


async def pending(database_url: str, *, apps: Apps = APPS) -> list[str]:
    """Name the migrations that are still to be applied, the next one first."""
    async with executor(database_url, apps) as migrations:
        return [step.migration.name for step in await migrations.plan()]


async def drift(*, apps: Apps = APPS) -> list[str]:
    """Describe what the models say that no migration does."""
    return [
        f"{writer.app_label}: {operation.describe()}"
        for writer in await changes(apps)
        for operation in writer.operations
    ]


async def draft(name: str, *, apps: Apps = APPS) -> list[Path]:
    """Write the migrations that the models lack, to be read, corrected and formatted."""
    drafts = await changes(apps)
    for writer in drafts:
        writer.name = format_migration_name(int(writer.name[:4]), name)
    return [writer.write() for writer in drafts]


async def changes(apps: Apps) -> list[MigrationWriter]:
    """Compare the models with the migrations."""
    settings = config(NOWHERE, apps=apps)
    async with initialised(settings, connected=False) as context:
        models = cast("TortoiseApps", context.apps)  # there are, once initialised
        return await MigrationAutodetector(models, settings["apps"]).changes()


@asynccontextmanager
async def executor(
    database_url: str, apps: Apps, *, exclusive: bool = False
) -> AsyncIterator["Executor"]:
    """Open a database for migrations, apart from whatever else this process has open."""
    settings = config(database_url, pool_size=2, apps=apps)
    if database_url.startswith("sqlite:"):
        settings["connections"]["default"]["credentials"]["foreign_keys"] = "OFF"
    async with AsyncExitStack() as stack:
        context = await stack.enter_async_context(initialised(settings))
        client = cast("SqliteClient | AsyncpgClient", context.db())  # as configured
        with explained(database_url):
            if exclusive:
                await stack.enter_async_context(alone(client))
            await client.create_connection(with_db=True)
        yield Executor(client, settings["apps"])


class Executor(MigrationExecutor):
    """Applies migrations so that nothing is lost, and each together with the record of it."""

    async def apply_all(self, progress: Callable[[str], None]) -> None:
        """Apply what is pending."""
        await self.loader.build_graph()
        await self.recorder.ensure_schema(self._schema_editor(atomic=False))
        applied = set(await self.recorder.applied_migrations())
        state = await self._project_state(applied)
        for step in self._migration_plan(None, applied, self.loader.graph):
            await self._apply(step.migration, state)
            progress(step.migration.name)

    async def _apply(self, migration: Migration, state: State) -> None:
        editor = self._schema_editor(atomic=migration.atomic)
        if not migration.atomic:
            await migration.apply(state, schema_editor=editor)
            await self.recorder.record_applied(migration.app_label, migration.name)
            return
        async with in_transaction(self.connection.connection_name) as transaction:
            editor.client = transaction
            await migration.apply(state, schema_editor=editor)
            if isinstance(editor, SafeSqliteSchemaEditor):
                await editor.verify()
            recorder = MigrationRecorder(transaction)
            await recorder.record_applied(migration.app_label, migration.name)

    def _schema_editor(
        self,
        atomic: bool = True,  # noqa: FBT001, FBT002  # Tortoise's
        collect_sql: bool = False,  # noqa: FBT001, FBT002
    ) -> BaseSchemaEditor:
        editor = super()._schema_editor(atomic, collect_sql)
        if isinstance(editor, SqliteSchemaEditor) and not collect_sql:
            return SafeSqliteSchemaEditor(self.connection, atomic)
        return editor
