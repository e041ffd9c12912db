"""The last resort of a process that was told to end, and cannot."""

import subprocess
import sys

STUCK = """
import threading, time
from app.commands import ending
ending.LATEST = 0.2
ending.at_the_latest()
{}
"""
COMPLAINT = "keyfob: not everything could be finished in time.\n"


def run(work: str) -> tuple[int, str]:
    """Run a process that was told to end."""
    command = [sys.executable, "-c", STUCK.format(work)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    return done.returncode, done.stderr


def test_who_is_stuck_is_ended_and_says_so() -> None:
    assert run("time.sleep(60)") == (0, COMPLAINT)
    assert run("threading.Thread(target=time.sleep, args=[60]).start()") == (0, COMPLAINT)


def test_who_comes_to_an_end_in_time_is_left_alone() -> None:
    assert run("pass") == (0, "")
