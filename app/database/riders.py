"""A question of yes or no that rides on the next prepared statement, and so costs no journey of its own."""

import re
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.database import current

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

    def board(self, sql: str, values: Sequence[object]) -> tuple[str, list[object]]:
        """Become the first column of a SELECT."""
        self.is_aboard = True
        return _joined(self.sql, sql, len(values)), [*values, *self.values]

    def arrive(self, rows: Sequence[Sequence[object]]) -> None:
        """Take the answer from the first row; raises Outdated if it is no."""
        if rows:
            self.answer = bool(rows[0][0])
        if self.answer is False:
            raise Outdated

    async def settle(self) -> bool:
        """Say the answer, or fetch it: no statement came by, or none that found a row to tell it with."""
        if self.answer is None:
            connection = current.connection()
            self.answer = bool((await connection.select(SELECT + self.sql, self.values))[0][0])
        return self.answer


WAITING: Final[ContextVar[Rider | None]] = ContextVar("waiting", default=None)


def waiting() -> Rider | None:
    """Find who waits to be taken along, if anybody does."""
    rider = WAITING.get()
    return None if rider is None or rider.is_aboard else rider


@lru_cache(maxsize=512)
def _joined(question: str, sql: str, taken: int) -> str:
    moved = PLACE.sub(lambda place: f"${int(place[1]) + taken}", question)
    return f"{SELECT}{moved}, {sql.removeprefix(SELECT)}"
