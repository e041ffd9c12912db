"""A queryset that is written once reads what Tortoise would read, with other values each time."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from tortoise import fields
from tortoise.exceptions import IntegrityError
from tortoise.queryset import ValuesQuery

from app.database.opening import opened
from app.database.prepared import NUMBER, Prepared, Unpreparable
from app.database.writes import change, insert, joined, notice, write
from app.kit import clock
from models import AuditHead, Department, Email, User, key
from tests.counting import counted
from tests.test_statements import people

NAMES = {"key": "id", "first": "first_name", "at": "created_at", "verified": "email_verified_at"}


@pytest.fixture
async def users(database_url: str) -> AsyncIterator[list[User]]:
    """Five people in a database of their own."""
    async with opened(database_url):
        yield await people(5)


def later(after: object, limit: int) -> ValuesQuery[Any]:
    """Write who came later, as the values say."""
    return User.filter(created_at__gt=after).order_by("id").limit(limit).values(**NAMES)


LATER = Prepared(later, after=(User, "created_at"), limit=NUMBER)


async def test_rows_are_those_of_tortoise_whatever_the_values(users: list[User]) -> None:
    before = users[0].created_at - timedelta(seconds=1)
    for after, limit in ((before, 2), (before, 9), (users[0].created_at, 9)):
        assert await LATER.rows(after=after, limit=limit) == await later(after, limit)
    assert len(await LATER.rows(after=before, limit=3)) == 3


async def test_a_column_that_is_read_twice_is_the_same_under_both_names(users: list[User]) -> None:
    twice = {"id": "id", "by.id": "id", "user.id": "id", "user.locale": "locale", "name": "locale"}
    read = Prepared(
        lambda n: User.all().order_by("id").limit(n).values(**twice), {"user": User}, n=NUMBER
    )

    rows = await read.rows(n=9)

    assert [row["by.id"] for row in rows] == [row["id"] for row in rows] == [u.id for u in users]
    assert [row["user"].id for row in rows] == [user.id for user in users]
    assert [row["user"].locale for row in rows] == [row["name"] for row in rows]


async def test_a_key_of_another_kind_is_refused_before_anything_is_asked(users: list[User]) -> None:
    one = Prepared(lambda id: User.filter(id=id).values("id"), id=(User, "id"))  # noqa: A006
    assert await one.rows(id=users[1].id) == [{"id": users[1].id}]

    with counted() as asked:
        for wrong in (key.mint("acc"), "garbage"):
            with pytest.raises(ValueError, match=wrong):
                await one.rows(id=wrong)
        with pytest.raises(Unpreparable):
            await one.rows(id=None)

    assert asked == []


async def test_what_cannot_be_prepared_says_so(users: list[User]) -> None:
    unseen = Prepared(lambda _n: User.filter(first_name="P1").values("id"), _n=NUMBER)
    varying = Prepared(
        lambda n: User.filter(first_name__in=["P"] * (n % 7 + 1)).values("id"), n=NUMBER
    )
    odd = Prepared(lambda n: User.filter(id=n).values("id"), n=fields.BooleanField())

    with pytest.raises(Unpreparable):
        await unseen.rows(_n=1)
    with pytest.raises(Unpreparable):
        await varying.rows(n=1)
    with pytest.raises(Unpreparable):
        await odd.rows(n=True)


async def test_writes_are_joined_and_count_as_saved(users: list[User]) -> None:
    head, department = AuditHead(chain=key.mint("acc")), Department(name="Sales")
    department.created_at = clock.now()
    await head.save()

    changed = change(head, sequence=7, hash="f" * 64)
    await write((insert(department), changed, *notice("keyfob", ["x"])))

    assert await AuditHead.get(chain=head.chain) == head
    assert (await AuditHead.get(chain=head.chain)).sequence == 7
    department.name = "Selling"
    await department.save()
    assert await Department.exists(id=department.id, name="Selling")


async def test_writes_are_all_done_or_none(users: list[User]) -> None:
    good, bad = (Department(name=name, created_at=clock.now()) for name in ("Good", "Bad"))

    with pytest.raises(IntegrityError):
        await write((insert(good), insert(bad), insert(bad)))

    assert not await Department.filter(id__in=[good.id, bad.id]).exists()


async def test_many_writes_are_shared_out_among_statements(users: list[User]) -> None:
    made = [Department(name=f"{number}", created_at=clock.now()) for number in range(400)]

    await write(insert(each) for each in made)

    assert await Department.filter(id__in=[each.id for each in made]).count() == 400


async def test_nothing_to_write_is_no_statement(users: list[User]) -> None:
    with counted() as asked:
        await write(notice("keyfob", []))

    assert asked == []
    assert not await Email.exists()


def test_parameters_of_joined_statements_are_numbered_through() -> None:
    one, two = 'INSERT INTO "a" VALUES ($1,$2)', 'UPDATE "b" SET "x"=$1 WHERE "id"=$2 AND "y"=$1'

    assert joined((one, two, one)) == (
        'WITH w0 AS (INSERT INTO "a" VALUES ($1,$2)), w1 AS (UPDATE "b" SET "x"=$3 WHERE "id"=$4 AND "y"=$3)'
        ' INSERT INTO "a" VALUES ($5,$6)'
    )
