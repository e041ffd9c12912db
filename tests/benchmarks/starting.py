"""How long `keyfob serve` takes from its command to the first 200."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from http.client import HTTPConnection
from typing import Final

from tests.benchmarks.contestants import ROOT
from tests.benchmarks.processes import PATIENCE, free_port

HEALTH: Final = "/health/ready"


def seconds_to_ready(settings: Mapping[str, str]) -> float:
    """Start it, ask until it is ready, stop it; the seconds that this took."""
    port, begun = free_port(), time.monotonic()
    command = [sys.executable, "-m", "app", "serve", "--port", str(port)]
    environment = {**os.environ, **settings}
    with subprocess.Popen(  # noqa: S603  # a command of ours
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    ) as started:
        try:
            while not _is_ready(port):
                assert started.poll() is None
                assert time.monotonic() < begun + PATIENCE
                time.sleep(0.01)
            return time.monotonic() - begun
        finally:
            started.terminate()


def _is_ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        connection.request("GET", HEALTH)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()
