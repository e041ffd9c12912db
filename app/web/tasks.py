"""Waiting for tasks, and ending them."""

import asyncio
from collections.abc import Collection
from typing import TypeAlias

Job: TypeAlias = asyncio.Task[None]


async def first_done(jobs: Collection[Job]) -> None:
    """Wait until a job is done."""
    await asyncio.wait(jobs, return_when=asyncio.FIRST_COMPLETED)


async def happened(event: asyncio.Event) -> None:
    """Wait for an event, as a job."""
    await event.wait()


async def cancelled(*jobs: Job) -> None:
    """Cancel jobs and wait for their end; raises what one of them had failed with."""
    for job in jobs:
        job.cancel()
    for ended in await asyncio.gather(*jobs, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended
