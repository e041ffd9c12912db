"""Migrations that change a table: its rows, its rules and its indexes stay."""

from uuid import uuid4

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError
from tortoise.migrations.executor import MigrationExecutor
from tortoise.transactions import in_transaction

from app.database.migrations import migrate, pending
from app.database.opening import config, initialised, opened
from tests.database.models import Account, Invite, Membership, User
from tests.database.opening import BY_EITHER
from tests.database.packages import FIRST, SECOND, Package, quiet


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
