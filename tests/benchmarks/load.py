"""Asking as fast as a server answers: by wrk where it is installed, else by a client of our own."""

import asyncio
import random
import re
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Final

from tests.benchmarks.contestants import CONTESTANTS
from tests.benchmarks.processes import Server, pinned
from tests.benchmarks.questions import Asker

SCRIPT: Final = Path(__file__).with_name("wrk.lua")
MOST_ASKERS: Final = 10_000  # each is a file for wrk
LENGTH: Final = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Effort:
    """How to ask: from so many connections at once, for so many seconds, in an order drawn by the seed."""

    connections: int
    seconds: float
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of it: answers, how many of them were no 200, and milliseconds."""

    answers: int
    bad: int
    seconds: float
    p50: float
    p99: float

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.answers / self.seconds


@contextmanager
def talking(server: Server) -> Iterator[HTTPConnection]:
    """Connect to a server for the block."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        yield connection
    finally:
        connection.close()


def say(connection: HTTPConnection, contestant: str, question: str, asker: Asker) -> bytes:
    """Ask one question, and return the answer's body."""
    body = CONTESTANTS[contestant].body(asker, question)
    headers = {"content-type": "application/json", "authorization": f"Bearer {asker.secret}"}
    connection.request("POST", "/graphql", body, headers)
    return connection.getresponse().read()


def ask_once(server: Server, question: str, asker: Asker) -> bytes:
    """Ask one question on a connection of its own, and return the answer's body."""
    with talking(server) as connection:
        return say(connection, server.name, question, asker)


def ask(server: Server, question: str, askers: Sequence[Asker], effort: Effort) -> Heard:
    """Ask one question for many people, again and again."""
    write = CONTESTANTS[server.name].body
    requests = [_request(write(asker, question), asker) for asker in askers[:MOST_ASKERS]]
    if shutil.which("wrk"):
        return _by_wrk(server.port, requests, effort)
    return asyncio.run(_by_ourselves(server.port, requests, effort))


def _request(body: bytes, asker: Asker) -> bytes:
    head = (
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Authorization: Bearer {asker.secret}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _by_wrk(port: int, requests: Sequence[bytes], effort: Effort) -> Heard:
    with tempfile.TemporaryDirectory() as folder:
        for number, request in enumerate(requests):
            Path(folder, str(number)).write_bytes(request)
        command = [
            *(*pinned(1), "wrk", "-t1", f"-c{effort.connections}", f"-d{effort.seconds:.0f}s"),
            *("--timeout", "20s", "-s", str(SCRIPT), f"http://127.0.0.1:{port}/"),
            *("--", folder, str(len(requests)), str(effort.seed)),
        ]
        told = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603
    found = re.search(r"HEARD (\d+) (\d+) (\S+) (\S+) (\S+)", told)
    assert found, told
    return Heard(int(found[1]), int(found[2]), float(found[3]), float(found[4]), float(found[5]))


async def _by_ourselves(port: int, requests: Sequence[bytes], effort: Effort) -> Heard:
    started = time.perf_counter()
    draw = random.Random(effort.seed)  # noqa: S311  # no secret
    asking = [
        _one(port, requests, draw, started + effort.seconds) for _ in range(effort.connections)
    ]
    heard = [each for some in await asyncio.gather(*asking) for each in some]
    taken = sorted(milliseconds for milliseconds, _ in heard)
    bad = sum(not good for _, good in heard)
    spent = time.perf_counter() - started
    return Heard(len(heard), bad, spent, statistics.median(taken), taken[len(taken) * 99 // 100])


async def _one(
    port: int, requests: Sequence[bytes], draw: random.Random, until: float
) -> list[tuple[float, bool]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    heard: list[tuple[float, bool]] = []
    while (begun := time.perf_counter()) < until:
        writer.write(draw.choice(requests))
        head = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        assert length, head
        await reader.readexactly(int(length[1]))
        heard.append(((time.perf_counter() - begun) * 1000, head.startswith(b"HTTP/1.1 200")))
    writer.close()
    await writer.wait_closed()
    return heard
