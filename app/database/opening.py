"""Opening the database that the settings name."""

import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

import asyncpg
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.context import TortoiseContext
from tortoise.exceptions import BaseORMException, ConfigurationError

from app.database.cancel import finish

Config: TypeAlias = dict[str, Any]
Apps: TypeAlias = Mapping[str, Mapping[str, object]]

APPS: Apps = {"models": {"models": ["models"], "migrations": "models.migrations"}}
ENGINES = {
    "sqlite": "app.database.sqlite",
    "postgres": "app.database.asyncpg",
    "postgresql": "app.database.asyncpg",
}
CONNECT_SECONDS = 5
STATEMENT_SECONDS = (
    15  # of a server's statement, waiting for locks included; then it is unavailable
)
FORMS = "write sqlite://path/to/file or postgres://user:password@host/name"


class DatabaseUnavailable(Exception):
    """The database cannot be opened: one line that says which, why, and what to do."""


def config(
    database_url: str, *, pool_size: int = 10, synchronous: str = "FULL", apps: Apps = APPS
) -> Config:
    """Describe the database to Tortoise, with our own backends behind it."""
    scheme = database_url.partition("://")[0]
    credentials = credentials_of(database_url)
    if scheme == "sqlite":
        credentials = {"synchronous": synchronous} | credentials
        if "journal_size_limit" not in parse_qs(urlsplit(database_url).query):
            del credentials["journal_size_limit"]  # Tortoise's, not the operator's: ours is better
    else:
        credentials = {"maxsize": pool_size, "timeout": CONNECT_SECONDS} | credentials
        if mode := credentials.pop("sslmode", None):
            credentials["ssl"] = mode
    return {
        "connections": {"default": {"engine": ENGINES[scheme], "credentials": credentials}},
        "apps": {name: {**app, "default_connection": "default"} for name, app in apps.items()},
        "use_tz": True,
        "timezone": "UTC",
    }


def credentials_of(database_url: str) -> dict[str, Any]:
    """Read a URL; not one in memory, where a migration would leave nothing to be opened."""
    if database_url.partition("://")[0] in ENGINES and ":memory:" not in database_url:
        with suppress(ConfigurationError, ValueError):
            credentials: dict[str, Any] = expand_db_url(database_url)["credentials"]
            return credentials
    message = f"{shown(database_url)} is not the URL of a database: {FORMS}"
    raise DatabaseUnavailable(message)


@asynccontextmanager
async def opened(
    database_url: str, *, pool_size: int = 10, synchronous: str = "FULL", apps: Apps = APPS
) -> AsyncIterator[TortoiseContext]:
    """Open the database for every task of this process, until the block ends."""
    settings = config(database_url, pool_size=pool_size, synchronous=synchronous, apps=apps)
    if not database_url.startswith("sqlite:"):
        credentials = settings["connections"]["default"]["credentials"]
        credentials.setdefault("command_timeout", STATEMENT_SECONDS)
    async with initialised(settings, everywhere=True) as context:
        with explained(database_url):
            await context.db().create_connection(with_db=True)
        yield context


@asynccontextmanager
async def initialised(
    settings: Config, *, everywhere: bool = False, connected: bool = True
) -> AsyncIterator[TortoiseContext]:
    """Set Tortoise up for the block, or everywhere; whatever it opens is closed in the end."""
    EXECUTOR_CACHE.clear()  # it may hold another dialect's SQL
    context = TortoiseContext()
    try:
        with ExitStack() as here:
            here.enter_context(context)
            await context.init(
                settings, init_connections=connected, _enable_global_fallback=everywhere
            )
            if everywhere:
                here.close()  # the block may end in another task than it began in
            yield context
    finally:
        await finish(context.close_connections())


@contextmanager
def explained(database_url: str) -> Iterator[None]:
    """Raise DatabaseUnavailable when what happens inside cannot reach the database."""
    try:
        yield
    except (
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        sqlite3.Error,
        BaseORMException,
        OSError,
        TypeError,
        ValueError,
    ) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        message = f"{shown(database_url)} cannot be opened ({reason}): {remedy(error)}"
        raise DatabaseUnavailable(message) from error


def remedy(error: Exception) -> str:
    """Say what to do about a database that cannot be opened."""
    cause = error.__cause__ or error
    if isinstance(cause, sqlite3.Error):
        return "check that its directory exists, and that we may write to it"
    if isinstance(cause, asyncpg.InvalidCatalogNameError):
        return "create the database"
    if isinstance(cause, asyncpg.InvalidAuthorizationSpecificationError):
        return "check the user and the password in its URL"
    if isinstance(cause, TypeError | ValueError):
        return "check the options in its URL"
    return "start the server, or check host and port in its URL"


def shown(database_url: str) -> str:
    """Show a URL without what is secret or long in it: the password, the options."""
    plain = database_url.partition("?")[0]
    scheme, mark, rest = plain.partition("://")
    if scheme == "sqlite":
        return plain
    userinfo, at, place = rest.rpartition("@")
    host, _, port = place.partition(":")
    if not at and not port[:1].isdigit():
        place = host  # a password with a question mark in it ends up here
    return f"{scheme}{mark}{userinfo.partition(':')[0]}{at}{place}"
