"""Transactions: who waits for whom, and what becomes of those that fail."""

import asyncio
import sqlite3
from contextlib import closing
from uuid import uuid4

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError, OperationalError, TransactionManagementError
from tortoise.transactions import in_transaction

from app.database.migrations import migrate
from app.database.opening import opened
from app.database.sqlite import Reader, SqliteClient
from tests.database.models import Account, AuditEvent, Counter, Membership, User
from tests.database.opening import APPS, BY_EITHER
from tests.database.programs import run

ON_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


async def test_an_account_without_its_owner_as_a_member_is_not_kept(database: str) -> None:
    with pytest.raises(IntegrityError):
        await found_account(is_member=False)

    assert await Account.all().count() == 0
    assert await User.all().count() == 0


@ON_SQLITE
@BY_EITHER
async def test_after_a_commit_that_fails_the_next_transaction_works(database: str) -> None:
    with pytest.raises(Exception, match="FOREIGN KEY"):
        await found_account(is_member=False)

    await found_account(is_member=True)
    assert await Account.all().count() == 1


async def test_after_each_of_ten_failed_commits_there_are_connections_left(database: str) -> None:
    for _ in range(10):
        with pytest.raises(IntegrityError):
            await found_account(is_member=False)

    async with asyncio.timeout(2):
        await found_account(is_member=True)


@ON_SQLITE
@BY_EITHER
async def test_readers_do_not_wait_for_a_writer(database: str) -> None:
    written, read = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with in_transaction():
            await Counter.create()
            written.set()
            await read.wait()

    writing = asyncio.create_task(write())
    await written.wait()
    try:
        async with asyncio.timeout(1):
            assert await Counter.all().count() == 0
    finally:
        read.set()
        await writing
    assert await Counter.all().count() == 1


@ON_SQLITE
async def test_what_reads_cannot_write(database: str) -> None:
    client = get_connection("default")
    assert isinstance(client, SqliteClient)

    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        async with Reader(client) as reader:
            await reader.execute("INSERT INTO counters (value) VALUES (1)")
    assert await Counter.all().count() == 0


@ON_SQLITE
async def test_a_question_nobody_waits_for_is_broken_off(database: str) -> None:
    endless = """SELECT count(*) FROM (
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n)"""
    for _ in range(4):  # more than there are readers
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await get_connection("default").execute_query(endless)

    async with asyncio.timeout(1):
        assert await Counter.all().count() == 0


@ON_SQLITE
async def test_a_database_that_somebody_else_keeps_locked_is_told_of(url: str) -> None:
    await migrate(url, lambda name: None, apps=APPS)

    async with opened(f"{url}?busy_timeout=1", apps=APPS):
        with closing(sqlite3.connect(url.removeprefix("sqlite://"))) as somebody:
            somebody.execute("BEGIN IMMEDIATE")
            with pytest.raises(OperationalError, match="database is locked"):
                await found_account(is_member=True)
        await found_account(is_member=True)


@BY_EITHER
@ON_SQLITE
async def test_two_processes_that_read_then_write_lose_nothing(database: str, stock: bool) -> None:  # noqa: FBT001
    await add_in_two_processes(database, *["stock"] * stock)

    assert (await Counter.get(id=1)).value == 200


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
async def test_on_postgres_too_two_processes_lose_nothing(database: str) -> None:
    await add_in_two_processes(database)

    assert (await Counter.get(id=1)).value == 200


async def test_an_error_in_an_inner_transaction_undoes_only_that(database: str) -> None:
    user = await User.create(email="a@x.example")

    async def fail() -> None:
        async with in_transaction():
            await Counter.create()
            await User.create(email=user.email)

    async with in_transaction():
        await Counter.create()
        with pytest.raises(IntegrityError):
            await fail()

    assert await Counter.all().count() == 1


async def test_a_task_that_outlives_the_transaction_it_was_born_in_is_told(database: str) -> None:
    over = asyncio.Event()

    async def write_late() -> None:
        await over.wait()
        await Counter.create()

    async with in_transaction():
        task = asyncio.create_task(write_late())
    over.set()

    with pytest.raises(TransactionManagementError, match="must not outlive"):
        await task
    assert await Counter.all().count() == 0


async def test_what_a_trigger_refuses_is_an_integrity_error(database: str) -> None:
    event = await AuditEvent.create(action="SIGNED_IN")

    with pytest.raises(IntegrityError, match="audit events are never"):
        await AuditEvent.all().update(action="")
    with pytest.raises(IntegrityError, match="audit events are never"):
        await AuditEvent.all().delete()
    assert await AuditEvent.all().values_list("id", "action") == [(event.id, "SIGNED_IN")]


@pytest.mark.parametrize("url", ["postgres"], indirect=True)
async def test_audit_events_cannot_be_truncated(database: str) -> None:
    await AuditEvent.create(action="SIGNED_IN")

    with pytest.raises(IntegrityError, match="audit events are never"):
        await get_connection("default").execute_script("TRUNCATE audit_events")
    assert await AuditEvent.all().count() == 1


async def add_in_two_processes(url: str, *options: str) -> None:
    """Add a hundred in each of two processes."""
    assert (await Counter.create()).id == 1
    program = ("-m", "tests.database.counting", url, "100", *options)
    answers = await asyncio.gather(run(*program), run(*program))
    assert [code for code, _, _ in answers] == [0, 0], answers


async def found_account(*, is_member: bool) -> None:
    """Found an account, whose owner is a member or, against the rules, not."""
    async with in_transaction():
        user = await User.create(email=f"{uuid4()}@x.example")
        account = await Account.create(name="Acme", owner=user)
        if is_member:
            await Membership.create(account=account, user=user)
