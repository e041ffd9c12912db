"""A program that adds to a counter, in transactions that read before they write."""

import asyncio
import sys

from tortoise.transactions import in_transaction

from tests.database.models import Counter
from tests.database.opening import opened_by

EVERYBODY = 3  # the counter, and one row for each of two programs, which start together


async def add(url: str, times: int, *, stock: bool) -> None:
    """Add one, so many times."""
    async with opened_by(url, stock=stock):
        await Counter.create()
        while await Counter.all().count() < EVERYBODY:  # they are programs
            await asyncio.sleep(0.01)
        for _ in range(times):
            async with in_transaction():
                counter = await Counter.select_for_update().get(id=1)
                counter.value += 1
                await counter.save()


if __name__ == "__main__":
    asyncio.run(add(sys.argv[1], int(sys.argv[2]), stock=sys.argv[3:] == ["stock"]))
