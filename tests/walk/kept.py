"""All that is kept: every row of every table, whose it is, and the ids in it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from tortoise import Model

import models

Row: TypeAlias = Mapping[str, object]
Rows: TypeAlias = dict[tuple[str, str], Row]  # by table and key

# What counts attempts moves when strangers try, and so do the ends of chains.
COUNTERS: Final = {"audit_heads", "quotas", "throttles"}
# What anybody may set off about somebody else: a mail to them, its link, and a line in their log.
ANYBODYS: Final = ("'reset_password'", "user_password_reset_requested")
ID: Final = re.compile(r"\b[a-z]{2,}_([0-7][0-9a-hjkmnp-tv-z]{25})\b")


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody to whom rows belong: their own, and those of the accounts that they own."""

    user_id: str
    email: str
    accounts: frozenset[str]

    def owns(self, row: Row) -> bool:
        """Whether a row is about nobody else."""
        keys = {row.get("id"), row.get("user_id"), row.get("owner_id")}
        if self.user_id in keys or row.get("recipient") == self.email:
            return True
        if {row.get("id"), row.get("account_id")} & self.accounts:
            return True
        return row.get("actor_id") == self.user_id and row.get("account_id") is None


NOBODY: Final = Owner("nobody", "nobody", frozenset())


def tables() -> list[type[Model]]:
    """List the models, by name."""
    found = {each for each in vars(models).values() if isinstance(each, type)}
    return sorted(
        (each for each in found if issubclass(each, Model)), key=lambda each: each.__name__
    )


async def everything() -> Rows:
    """Read all that is kept, but for counters."""
    rows: Rows = {}
    for model in tables():
        table, key = model._meta.db_table, model._meta.pk_attr  # noqa: SLF001  # no public names
        if table not in COUNTERS:
            rows |= {(table, str(row[key])): row for row in await model.all().values()}
    return rows


async def ids_by_type() -> dict[str, list[str]]:
    """List the ids of everything that has one, the oldest first, under the names of their types."""
    found = {}
    for model in tables():
        ids = [str(row["id"]) for row in await model.all().values() if "id" in row]
        found[model.__name__] = sorted(id for id in ids if ID.fullmatch(id))
    return {name: ids for name, ids in found.items() if ids}


def ids_in(text: object) -> set[str]:
    """Find ids in a text, without the prefixes, under which one thing may have several."""
    return set(ID.findall(str(text)))


def changes(before: Rows, after: Rows, who: Owner, foreign: set[str]) -> list[str]:
    """Say what has changed of rows that are not somebody's own, and which new rows tell of others.

    What the log notes of attempts, and what anybody may set off, is no change.
    """
    found, made = [], {id for (_, id), row in after.items() if row.get("owner_id") == who.user_id}
    who = replace(who, accounts=who.accounts | made)  # what one has made oneself is one's own
    for place in before.keys() | after.keys():
        old, new = before.get(place), after.get(place)
        row = old or new or {}
        if old == new or who.owns(row) or _is_anybodys(row):
            continue
        if old is not None or _tells(row, foreign):
            found.append(f"{place}: {old} became {new}")
    return found


def _is_anybodys(row: Row) -> bool:
    return any(mark in str(row).lower() for mark in ANYBODYS)


def _tells(row: Row, foreign: set[str]) -> bool:
    text, is_attempt = str(row).lower(), row.get("outcome", "SUCCEEDED") != "SUCCEEDED"
    return not is_attempt and any(each in text for each in foreign)
