"""A shell, for tests that run the commands as commands."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.kit import settings

ROOT = Path(__file__).parents[2]


class Terminal:
    """A person at a shell in an empty folder, with nothing but these settings."""

    def __init__(self, folder: Path, **chosen: str) -> None:
        self.folder = folder
        self.environment = {k: v for k, v in os.environ.items() if k not in settings.NAMES}
        self.environment |= chosen | {"PYTHONPATH": str(ROOT)}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(  # noqa: S603 - commands of this test
            [sys.executable, "-m", "app", *arguments],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def succeeds(self, *arguments: str) -> list[str]:
        """Run a command that must end well, and return its lines."""
        ended = self.run(*arguments)
        assert (ended.returncode, ended.stderr) == (0, ""), ended
        return ended.stdout.splitlines()

    def complaint(self, *arguments: str) -> str:
        """Run a command that must fail, and return the one line that says why."""
        ended = self.run(*arguments)
        assert (ended.returncode, ended.stdout) == (1, ""), ended
        assert ended.stderr.count("\n") == 1, ended.stderr
        return ended.stderr.strip()

    @contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """Start a command that stays; it is killed if the test did not stop it."""
        with subprocess.Popen(  # noqa: S603 - commands of this test
            [sys.executable, "-m", "app", *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()
