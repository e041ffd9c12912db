"""Accounts that grow: the same rows again and again, later each time."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

import asyncpg
from rich.progress import Progress
from tortoise import Model

from models import AuditEvent, Ticket, TicketMessage
from tests.benchmarks import databases, keys
from tests.benchmarks.questions import Asker

ROWS: Final = (10, 1_000, 100_000, 1_000_000)
SERIES: Final = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {more})"
HEX: Final = "lower(hex(randomblob({bytes})))"
SPOKEN: Final[Mapping[str, Mapping[str, str]]] = {
    "postgres": {"key": "gen_random_uuid()", "later": "t.{} + s.n * interval '1 second'"},
    "sqlite": {
        "key": " || '-' || ".join(HEX.format(bytes=size) for size in (4, 2, 2, 2, 6)),
        "later": "strftime('%Y-%m-%d %H:%M:%f', t.{}, '+' || s.n || ' seconds') || '000+00:00'",
    },
}
# In each an account has so many rows already, in the smallest size.
LISTS: Final[Mapping[type[Model], tuple[str, int]]] = {
    Ticket: ("account_id = '{account}'", 3),
    TicketMessage: ("ticket_id = '{reply}'", 4),
    AuditEvent: ("chain = '{account}'", 9),
}


async def grown(kind: str, sizes: Sequence[int], url: str) -> list[Asker]:
    """Fill a new database with accounts of so many tickets, events, and messages in one ticket."""
    askers = await databases.filled("smallest", url)
    with Progress() as progress:
        bar = progress.add_task("rows", total=sum(sizes) * len(LISTS))
        for asker, rows in zip(askers, sizes, strict=False):
            for model in LISTS:
                await _execute(url, _more(kind, model, asker, rows))
                progress.advance(bar, rows)
    if kind == "postgres":
        await databases.settle(url)
    return askers[: len(sizes)]


def _more(kind: str, model: type[Model], asker: Asker, rows: int) -> str:
    condition, has = LISTS[model]
    place = condition.format(
        account=keys.read("acc", asker.account), reply=keys.read("tkt", asker.reply)
    )
    spoken, table = SPOKEN[kind], model._meta.db_table  # noqa: SLF001  # it has no public name
    anew = {
        "id": spoken["key"],
        "number": "'T' || (s.n + (SELECT count(*) FROM tickets))",
        "sequence": f"{has} + s.n",
        "created_at": spoken["later"].format("created_at"),
        "updated_at": spoken["later"].format("updated_at"),
    }
    columns = list(model._meta.fields_db_projection.values())  # noqa: SLF001
    values = ", ".join(anew.get(column, f't."{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    one = f"(SELECT * FROM {table} WHERE {place} ORDER BY id LIMIT 1)"  # noqa: S608
    series = SERIES.format(more=rows - has)
    return f"INSERT INTO {table} ({names}) {series} SELECT {values} FROM s, {one} t"  # noqa: S608


async def _execute(url: str, text: str) -> None:
    if url.startswith("sqlite://"):
        with sqlite3.connect(url.removeprefix("sqlite://")) as database:
            database.execute(text)
        return
    connection = await asyncpg.connect(url)
    await connection.execute(text)
    await connection.close()
