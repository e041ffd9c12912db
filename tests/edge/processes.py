"""Servers and workers in processes of their own, on the database of a test."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from socket import socket
from subprocess import Popen

import asyncpg

from app.kit.settings import Settings
from tests.commands.terminal import Terminal


def terminal(settings: Settings, folder: Path, **more: str) -> Terminal:
    """Open a shell whose commands share the database and the key of a test."""
    return Terminal(
        folder,
        KEYFOB_DATABASE_URL=settings.database_url,
        KEYFOB_SECRET_KEY=settings.secret_keys[0],
        KEYFOB_BCRYPT_COST="4",
        KEYFOB_DATA_DIR=str(folder),
        **more,
    )


def free_port() -> int:
    """Find a port that nobody listens on."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@asynccontextmanager
async def running(shell: Terminal, *command: str) -> AsyncIterator[Popen[str]]:
    """Run a command in a process of its own, from when it says that it has begun."""
    with shell.running(*command) as process:
        assert process.stdout is not None
        try:
            assert "Ctrl-C stops it" in await asyncio.to_thread(process.stdout.readline)
            yield process
        finally:
            process.kill()


async def ended(process: Popen[str], since: float) -> tuple[int, float, str]:
    """Wait for the end of a process: its exit code, the seconds that it took, and what it complained of."""
    _, complaints = await asyncio.to_thread(process.communicate, timeout=15)
    return process.returncode, time.monotonic() - since, complaints


@asynccontextmanager
async def locked(settings: Settings, account: str) -> AsyncIterator[None]:
    """Hold what whoever acts in an account has to wait for."""
    if settings.is_sqlite:
        path = settings.database_url.removeprefix("sqlite://")
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")
        return
    other = await asyncpg.connect(settings.database_url)
    try:
        async with other.transaction():
            await other.execute("SELECT 1 FROM audit_heads WHERE chain = $1 FOR UPDATE", account)
            yield
    finally:
        await other.close()
