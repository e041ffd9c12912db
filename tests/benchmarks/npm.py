"""Node, and what its servers need of npm: installed once, from a lock file."""

import fcntl
import json
import shutil
import subprocess
from pathlib import Path
from typing import Final

from tests.clients.npm import CI, Absent

FOLDER: Final = Path(__file__).parent / "node"
PATIENCE: Final = 300


def prepare() -> None:
    """Install what the lock file names, if it is not there; raises Absent where that cannot be."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise Absent("node and npm are not on this machine")
    with (FOLDER / ".installing").open("w") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        if not is_installed():
            _install(npm)


def is_installed() -> bool:
    """Tell whether the very packages of the lock file are there: npm notes what it has installed."""
    noted = FOLDER / "node_modules" / ".package-lock.json"
    return noted.is_file() and _versions(noted) == _versions(FOLDER / "package-lock.json")


def _install(npm: str) -> None:
    done = subprocess.run(  # noqa: S603  # a command of ours
        [npm, *CI], cwd=FOLDER, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    if done.returncode:
        raise Absent(f"npm cannot install what the lock file names: {done.stderr.strip()}")


def _versions(lock: Path) -> dict[str, str]:
    packages = json.loads(lock.read_text())["packages"]
    # What is for other systems is in the lock file alone.
    return {
        path: package["version"]
        for path, package in packages.items()
        if path and not package.get("optional")
    }
