"""Migrations: they lose nothing, leave nothing half done, and run one at a time."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError, OperationalError
from tortoise.migrations.executor import MigrationExecutor
from tortoise.transactions import in_transaction

from app.database.migrations import draft, drift, executor, migrate, pending
from app.database.opening import Apps, config, initialised, opened
from tests.database.models import Account, Invite, Membership, User
from tests.database.opening import APPS, BY_EITHER
from tests.database.programs import run

HERE = Path(__file__).parent / "migrations"
FIRST, SECOND = "0001_initial", "0002_longer_names"


class Package:
    """A package of migrations that grows during a test."""

    def __init__(self, folder: Path) -> None:
        self.name = f"migrations_{uuid4().hex}"
        self.folder = folder / self.name
        self.folder.mkdir()
        (self.folder / "__init__.py").touch()

    @property
    def apps(self) -> Apps:
        """The tests' models with these migrations."""
        return {"models": {"models": ["tests.database.models"], "migrations": self.name}}

    def copy(self, name: str) -> None:
        """Take over one of the tests' own migrations."""
        (self.folder / f"{name}.py").write_text((HERE / f"{name}.py").read_text())

    def add(self, name: str, after: str, operations: str, *, atomic: bool = True) -> None:
        """Write one."""
        (self.folder / f"{name}.py").write_text(f"""
from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
class Migration(migrations.Migration):
    dependencies = [("models", "{after}")]
    operations = [{operations}]
    atomic = {atomic}
""")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    """Begin with the first migration."""
    monkeypatch.syspath_prepend(tmp_path)
    package = Package(tmp_path)
    package.copy(FIRST)
    return package


def quiet(name: str) -> None:
    """Hear of progress, and say nothing."""


async def test_what_is_pending_is_applied_in_order_and_once(url: str) -> None:
    done: list[str] = []
    assert await pending(url, apps=APPS) == [FIRST, SECOND]

    await migrate(url, done.append, apps=APPS)
    await migrate(url, done.append, apps=APPS)

    assert done == [FIRST, SECOND]
    assert await pending(url, apps=APPS) == []


async def test_two_processes_that_migrate_at_once_do_it_once(url: str) -> None:
    program = ("-m", "tests.database.migrating", url)

    answers = await asyncio.gather(run(*program), run(*program))

    assert sorted(answers) == [(0, "", ""), (0, f"{FIRST}\n{SECOND}\n", "")]


async def test_whoever_waits_to_migrate_can_go_away(url: str) -> None:
    async with executor(url, APPS, exclusive=True) as first:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2):
                await migrate(url, quiet, apps=APPS)
        await first.apply_all(quiet)

    assert await pending(url, apps=APPS) == []


async def test_whoever_waits_to_migrate_comes_after_whoever_is_at_it(url: str) -> None:
    async with executor(url, APPS, exclusive=True):
        second = asyncio.create_task(migrate(url, quiet, apps=APPS))
        await asyncio.sleep(0.2)
        assert await pending(url, apps=APPS) == [FIRST, SECOND]

    await second
    assert await pending(url, apps=APPS) == []


async def test_the_models_say_what_the_migrations_do() -> None:
    assert await drift(apps=APPS) == []


async def test_looking_for_drift_disturbs_no_open_database(database: str) -> None:
    assert await drift(apps=APPS) == []

    user = await User.create(email="a@x.example")
    assert await User.filter(email="a@x.example").get() == user


async def test_what_the_models_lack_is_told_and_drafted(package: Package) -> None:
    assert await drift(apps=package.apps) == [
        "models: Alter field name on Account",
        "models: Alter field role on Membership",
    ]

    written = await draft("Longer names", apps=package.apps)

    assert written == [package.folder / f"{SECOND}.py"]
    assert await drift(apps=package.apps) == []


@BY_EITHER
@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_changing_a_column_keeps_everything_else(
    url: str,
    package: Package,
    stock: bool,  # noqa: FBT001
) -> None:
    await keeps_everything(url, package, stock=stock)


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
async def test_changing_a_column_keeps_everything_else_on_postgres(
    url: str, package: Package
) -> None:
    await keeps_everything(url, package, stock=False)


async def keeps_everything(url: str, package: Package, *, stock: bool) -> None:
    """Fill a database, change a column of two tables, and see what is left and what still holds."""
    await migrate(url, quiet, apps=package.apps)
    async with opened(url, apps=package.apps):
        account = await found_account()
        indexes = await names_of_indexes()
    package.copy(SECOND)

    if stock:
        await migrate_by_tortoise(url, package)
    else:
        await migrate(url, quiet, apps=package.apps)

    async with opened(url, apps=package.apps):
        assert await Membership.all().count() == 1
        assert await Invite.all().count() == 1
        assert await names_of_indexes() == indexes
        await rules_hold(account)
        await Account.filter(id=account.id).update(name="A" * 120)


async def rules_hold(account: Account) -> None:
    """See that all the constraints still refuse."""
    owner = await account.owner
    other = await User.create(email="other@x.example")
    with pytest.raises(IntegrityError):
        await User.create(email=owner.email)
    with pytest.raises(IntegrityError):
        await Membership.create(account=account, user=owner)
    with pytest.raises(IntegrityError):
        await Invite.create(account=account, email="c@x.example", status="PENDING")
    with pytest.raises(IntegrityError):
        async with in_transaction():
            await Account.filter(id=account.id).update(owner_id=other.id)
    await Invite.create(account=account, email="c@x.example", status="REVOKED")


async def test_a_migration_that_fails_leaves_nothing_behind(url: str, package: Package) -> None:
    package.add("0002_bad", FIRST, 'ops.RunSQL(["CREATE TABLE half (x INT)", "SELEKT"])')
    done: list[str] = []

    with pytest.raises(OperationalError):
        await migrate(url, done.append, apps=package.apps)

    assert done == [FIRST]
    assert await pending(url, apps=package.apps) == ["0002_bad"]
    async with opened(url, apps=package.apps):
        with pytest.raises(OperationalError, match="half"):
            await get_connection("default").execute_query("SELECT * FROM half")


async def test_a_migration_that_is_not_atomic_is_recorded_too(url: str, package: Package) -> None:
    package.add("0002_apart", FIRST, 'ops.RunSQL("CREATE TABLE apart (x INT)")', atomic=False)

    await migrate(url, quiet, apps=package.apps)

    assert await pending(url, apps=package.apps) == []


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_table_is_not_rebuilt_step_by_step(url: str, package: Package) -> None:
    longer = 'ops.AlterField("Account", "name", fields.CharField(max_length=99, db_index=True))'
    package.add("0002_longer", FIRST, longer, atomic=False)

    with pytest.raises(RuntimeError, match="rebuilding accounts needs"):
        await migrate(url, quiet, apps=package.apps)

    assert await pending(url, apps=package.apps) == ["0002_longer"]


async def test_a_unique_constraint_comes_and_goes(url: str, package: Package) -> None:
    package.add(
        "0002_unique",
        FIRST,
        'ops.AddConstraint("Account", UniqueConstraint(fields=("name",), name="one_name"))',
    )
    await migrate(url, quiet, apps=package.apps)
    async with opened(url, apps=package.apps):
        await found_account()
        with pytest.raises(IntegrityError):
            await found_account()

    package.add("0003_back", "0002_unique", 'ops.RemoveConstraint("Account", "one_name")')
    await migrate(url, quiet, apps=package.apps)
    async with opened(url, apps=package.apps):
        await found_account()
        assert await Account.all().count() == 2


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
async def test_a_migration_that_orphans_rows_is_undone(url: str, package: Package) -> None:
    await migrate(url, quiet, apps=package.apps)
    async with opened(url, apps=package.apps):
        await found_account()
    package.add("0002_orphans", FIRST, 'ops.RunSQL("DELETE FROM users")')

    with pytest.raises(IntegrityError, match="2 rows would refer to missing ones"):
        await migrate(url, quiet, apps=package.apps)

    async with opened(url, apps=package.apps):
        assert await User.all().count() == 1


async def test_constraints_and_columns_come_and_go(url: str, package: Package) -> None:
    check = 'ops.AddConstraint("Account", CheckConstraint(name="named", check="name <> \'\'")),'
    package.add("0002_check", FIRST, check)
    package.add(
        "0003_changes",
        "0002_check",
        """
        ops.AddField("Account", "note", fields.CharField(9, null=True)),
        ops.AlterField("Account", "note", fields.CharField(10, null=True)),
        ops.AlterField("Invite", "status", fields.CharField(max_length=20, db_index=True)),
        """,
    )
    await migrate(url, quiet, apps=package.apps)
    async with opened(url, apps=package.apps):
        account = await found_account()
        assert any(name.startswith("idx_invites_status") for name in await names_of_indexes())
        with pytest.raises(IntegrityError, match="named"):
            await Account.filter(id=account.id).update(name="")

    package.add(
        "0004_back",
        "0003_changes",
        """
        ops.RemoveConstraint("Account", "named"),
        ops.RemoveField("Account", "note"),
        ops.AlterField("Invite", "status", fields.CharField(max_length=20)),
        ops.RunSQL("ALTER TABLE accounts DROP CONSTRAINT accounts_owner_is_a_member"),
        """,
    )
    await migrate(url, quiet, apps=package.apps)
    async with opened(url, apps=package.apps):
        await Account.filter(id=account.id).update(name="")
        other = await User.create(email="other@x.example")
        await Account.filter(id=account.id).update(owner_id=other.id)
        assert await Membership.all().count() == 1
        assert not any(name.startswith("idx_invites_status") for name in await names_of_indexes())


async def found_account() -> Account:
    """Found an account with an owner and an invite."""
    async with in_transaction():
        user = await User.create(email=f"{uuid4()}@x.example")
        account = await Account.create(name="Acme", owner=user)
        await Membership.create(account=account, user=user)
        await Invite.create(account=account, email="c@x.example", status="PENDING")
    return account


async def names_of_indexes() -> list[str]:
    """List the indexes that have names of their own."""
    connection = get_connection("default")
    statement = (
        "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        if connection.capabilities.dialect == "sqlite"
        else "SELECT indexname AS name FROM pg_indexes WHERE schemaname = 'public'"
    )
    return sorted(row["name"] for row in await connection.execute_query_dict(statement))


async def migrate_by_tortoise(url: str, package: Package) -> None:
    """Migrate as Tortoise would."""
    settings = config(url, apps=package.apps)
    async with initialised(settings) as context:
        await MigrationExecutor(context.db(), settings["apps"]).migrate()
