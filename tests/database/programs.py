"""Running Python programs beside the test."""

import asyncio
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


async def run(*arguments: str) -> tuple[int, str, str]:
    """Run Python and answer its exit code, output and complaints; TimeoutError if it hangs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(20):
            output, complaints = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, output.decode(), complaints.decode()
