"""A fresh database for every test, and a small cast who are the same in all of them."""

import math
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from app.database.migrations import migrate
from app.engine import plans
from app.kit import clock, secrets
from app.kit.settings import Settings
from app.main import Application, create_app
from models import Operator, OperatorRole
from tests.postgres import create_database
from tests.stage import Person, account_of, join, register

KIND = os.environ.get("KEYFOB_TEST_DATABASE", "sqlite")
EXECUTOR = os.environ.get("KEYFOB_TEST_EXECUTOR", "compiled")
COMPILING = pytest.mark.skipif(EXECUTOR == "core", reason="nothing is compiled")

TABLES = """SELECT tablename FROM pg_tables WHERE schemaname = 'public'
  AND tablename NOT IN ('departments', 'audit_heads') AND tablename NOT LIKE 'tortoise%'"""
FURNITURE = """DELETE FROM departments WHERE name <> 'General';
  DELETE FROM audit_heads WHERE chain <> '00000000-0000-0000-0000-000000000000';
  UPDATE audit_heads SET sequence = 0, hash = repeat('0', 64)"""


@pytest.fixture(scope="session", autouse=True)
def executor() -> Iterator[None]:
    """Compiles at once, where a server waits for the second use; or, with `core`, is graphql-core's alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plans, "SECOND_USE", math.inf if EXECUTOR == "core" else 1)
        yield


@pytest.fixture(scope="session")
async def template(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated database: a file to be copied, or one that is emptied after every test."""
    if KIND == "postgres":
        url = await create_database()
    else:
        url = f"sqlite://{tmp_path_factory.mktemp('database')}/template.sqlite3"
    await migrate(url, lambda name: None)
    return url


@pytest.fixture
async def database_url(template: str, tmp_path: Path) -> AsyncIterator[str]:
    """A migrated database with nothing in it."""
    if KIND == "sqlite":
        shutil.copy(template.removeprefix("sqlite://"), tmp_path / "keyfob.sqlite3")
        yield f"sqlite://{tmp_path}/keyfob.sqlite3"
        return
    yield template
    await empty(template)


async def empty(url: str) -> None:
    """Delete everything but what a migration put there; the log's triggers have to be held off."""
    connection = await asyncpg.connect(url)
    try:
        tables = [row["tablename"] for row in await connection.fetch(TABLES)]
        deletes = "".join(f'DELETE FROM "{table}";' for table in tables)  # noqa: S608  # names only
        await connection.execute(f"SET session_replication_role = replica; {deletes} {FURNITURE}")
    finally:
        await connection.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """As an installation would have them, but for a cheap password hash."""
    return Settings.model_validate(
        {
            "database_url": database_url,
            "data_dir": tmp_path,
            "secret_keys": (secrets.mint(),),
            "bcrypt_cost": 4,
            "smtp_url": None,
            "operator_two_factor": False,
        }
    )


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[Application]:
    """The application, running; mail stays in its queue."""
    application = create_app(settings, sends_mail=False)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
async def nobody(app: Application) -> Person:
    """Somebody who is not signed in."""
    return Person(app)


@pytest.fixture
async def ann(app: Application) -> Person:
    """Ann owns Acme."""
    return await register(app, "Ann")


@pytest.fixture
async def acme(ann: Person) -> str:
    """Ann's account."""
    return await account_of(ann, "Acme")


@pytest.fixture
async def bob(app: Application, ann: Person, acme: str) -> Person:
    """Bob uses tickets for Acme, and may do nothing else."""
    person = await register(app, "Bob")
    await join(ann, person, acme, "TICKETS")
    return person


@pytest.fixture
async def eve(app: Application) -> Person:
    """Eve owns Evil, and has nothing to do with Acme."""
    person = await register(app, "Eve")
    await account_of(person, "Evil")
    return person


@pytest.fixture
async def sam(app: Application) -> Person:
    """Sam is support staff, an agent."""
    return await staff(app, "Sam", OperatorRole.AGENT)


@pytest.fixture
async def ada(app: Application) -> Person:
    """Ada is support staff, an admin."""
    return await staff(app, "Ada", OperatorRole.ADMIN)


async def staff(app: Application, name: str, role: OperatorRole) -> Person:
    """Bring a member of the staff on stage."""
    person = await register(app, name)
    await Operator.create(user_id=person.id, role=role, created_at=clock.now())
    return person
