"""Whether anything at all was written meanwhile: what SQLite can tell, whose rows have no versions.

A connection that only reads sees a number change with each commit of any other (PRAGMA data_version). A generation is
the time in which none of ours has seen its number change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from app.database import current
from app.database.riders import PLACE, SELECT, Outdated, Row

VERSION: Final = "(SELECT data_version FROM pragma_data_version)"


def present() -> int:
    """Say which generation goes on, as far as we know."""
    number: int = current.connection().generation
    return number


async def look(sql: str, *values: object) -> tuple[Sequence[Row], int | None]:
    """Run a SELECT whose parameters are written `$1`, `$2`, and whose first column is the version."""
    found: tuple[Sequence[Row], int | None]
    found = await current.connection().look(sql.replace("$", "?"), values)
    return found


@dataclass(slots=True)
class Watch:
    """Asks, with a statement that reads, whether a generation goes on, and whether something else is still true."""

    generation: int
    condition: str | None
    values: Sequence[object]
    answer: bool | None = None
    is_aboard: bool = False

    async def carry(self, sql: str, values: Sequence[object]) -> Sequence[Row]:
        """Read with a SELECT, and behind the answer: its first column; raises Outdated if that is no."""
        connection = current.connection()
        self.is_aboard = True
        text, places = _asked(self.condition)
        given = [*(self.values[place] for place in places), *values]
        found: Sequence[Row]
        found, generation = await connection.look(
            f"{SELECT}{text}, {sql.removeprefix(SELECT)}", given
        )
        if found:
            self.answer = generation == self.generation
        if self.answer is False:
            raise Outdated
        return found

    async def settle(self) -> bool:
        """Say the answer, or fetch it: no statement came by, or none that found a row to tell it with."""
        if self.answer is None:
            try:
                await self.carry(f"{SELECT}1", ())
            except Outdated:
                return False
        return bool(self.answer)


@lru_cache(maxsize=8)
def _asked(condition: str | None) -> tuple[str, list[int]]:
    """Write the version, or null where the condition does not hold, with the places of its values in their order."""
    if condition is None:
        return VERSION, []
    places = [int(place) - 1 for place in PLACE.findall(condition)]
    return f"CASE WHEN {PLACE.sub('?', condition)} THEN {VERSION} END", places
