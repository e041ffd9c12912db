"""A question of yes or no that rides on the next prepared statement, and so costs no journey of its own."""

import re
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol, TypeAlias

from app.database import current

Row: TypeAlias = Sequence[Any]
PLACE: Final = re.compile(r"\$(\d+)")
SELECT: Final = "SELECT "


class Outdated(Exception):
    """The answer was no: whatever else is read would be read for nothing."""


@dataclass(slots=True)
class Rider:
    """An expression with its values, written `$1`, `$2`; the answer is None until it has arrived."""

    sql: str
    values: Sequence[object]
    answer: bool | None = None
    is_aboard: bool = False

    async def carry(self, sql: str, values: Sequence[object]) -> Sequence[Row]:
        """Read with a SELECT, and behind the answer: its first column; raises Outdated if that is no."""
        self.is_aboard = True
        given = [*values, *self.values]
        found: Sequence[Row] = await current.connection().select(
            _joined(self.sql, sql, len(values)), given
        )
        if found:
            self.answer = bool(found[0][0])
        if self.answer is False:
            raise Outdated
        return found

    async def settle(self) -> bool:
        """Say the answer, or fetch it: no statement came by, or none that found a row to tell it with."""
        if self.answer is None:
            connection = current.connection()
            self.answer = bool((await connection.select(SELECT + self.sql, self.values))[0][0])
        return self.answer


class Question(Protocol):
    """What can ride along."""

    answer: bool | None
    is_aboard: bool

    async def carry(self, sql: str, values: Sequence[object]) -> Sequence[Row]:
        """Read with a SELECT, and behind the answer; raises Outdated if that is no."""
        ...

    async def settle(self) -> bool:
        """Say the answer, or fetch it."""
        ...


WAITING: Final[ContextVar[Question | None]] = ContextVar("waiting", default=None)


def waiting() -> Question | None:
    """Find who waits to be taken along, if anybody does."""
    rider = WAITING.get()
    return None if rider is None or rider.is_aboard else rider


async def settle() -> None:
    """Have the question answered that no statement took along; raises Outdated if the answer is no."""
    question = WAITING.get()
    if question is not None and not await question.settle():
        raise Outdated


@lru_cache(maxsize=512)
def _joined(question: str, sql: str, taken: int) -> str:
    moved = PLACE.sub(lambda place: f"${int(place[1]) + taken}", question)
    return f"{SELECT}{moved}, {sql.removeprefix(SELECT)}"
