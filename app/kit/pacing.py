"""Answers that come on a beat, so that the time they took does not tell what was done."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from math import ceil
from time import monotonic
from typing import Final

BEAT: Final = 0.05  # seconds: what writes to a database takes much less


@asynccontextmanager
async def on_the_beat() -> AsyncIterator[None]:
    """Wait after the block for the next beat since it began, also if it was refused."""
    begun = monotonic()
    try:
        yield
    finally:
        spent = monotonic() - begun
        await asyncio.sleep(ceil(spent / BEAT) * BEAT - spent)
