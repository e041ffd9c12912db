"""Reading the text of tables and scripts."""

import pytest

from app.database.sqlite_text import Body, statements

ACCOUNTS = """
CREATE TABLE "accounts" (
    "id" CHAR(36) NOT NULL PRIMARY KEY /* a key, (of one kind) */,
    name VARCHAR(10) DEFAULT 'a, b)' CHECK (name <> ','), -- it's short, isn't it
    "price" DECIMAL(10, 2),
    CONSTRAINT "named" UNIQUE ("id", name),
    CHECK (price > 0)
) /* Has (at least) one owner, */
"""


def test_a_table_is_read_without_its_comments() -> None:
    body = Body.of(ACCOUNTS)

    assert body.columns == {
        "id": '"id" CHAR(36) NOT NULL PRIMARY KEY',
        "name": "name VARCHAR(10) DEFAULT 'a, b)' CHECK (name <> ',')",
        "price": '"price" DECIMAL(10, 2)',
    }
    assert body.constraints == ('CONSTRAINT "named" UNIQUE ("id", name)', "CHECK (price > 0)")


def test_a_column_goes_with_the_constraints_that_name_it() -> None:
    body = Body.of(ACCOUNTS).without("name")

    assert body.create("x") == (
        'CREATE TABLE "x" ("id" CHAR(36) NOT NULL PRIMARY KEY, "price" DECIMAL(10, 2),'
        " CHECK (price > 0))"
    )


def test_a_constraint_comes_and_goes() -> None:
    body = Body.of(ACCOUNTS)

    assert body.constrained("CONSTRAINT few CHECK (1)").released("few") == body
    assert body.released("named").constraints == ("CHECK (price > 0)",)


def test_what_is_not_there_can_be_neither_released_nor_changed() -> None:
    with pytest.raises(LookupError, match="nothing"):
        Body.of(ACCOUNTS).released("nothing")
    with pytest.raises(LookupError, match="nothing"):
        Body.of(ACCOUNTS).changed("nothing", "nothing TEXT")


def test_a_script_is_split_between_its_statements_only() -> None:
    script = """
    CREATE TABLE x (y) /* one; two */;
    INSERT INTO x VALUES (';');
    CREATE TRIGGER z AFTER INSERT ON x BEGIN DELETE FROM x; SELECT 1; END;
    ;
    DROP TABLE x
    """

    assert list(statements(script)) == [
        "CREATE TABLE x (y) /* one; two */;",
        "INSERT INTO x VALUES (';');",
        "CREATE TRIGGER z AFTER INSERT ON x BEGIN DELETE FROM x; SELECT 1; END;",
        "DROP TABLE x\n    ;",
    ]
