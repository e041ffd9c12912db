"""Keyfob, installed from its wheel and run from another folder."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from zipfile import ZipFile

import pytest

from app.kit import places

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {name: text for name, text in os.environ.items() if name != "PYTHONPATH"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel, with the build tool that is installed here."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder), cwd=ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install it into an environment of its own, which lends its dependencies from this one."""
    folder = tmp_path_factory.mktemp("installed")
    run(sys.executable, "-m", "venv", str(folder))
    run(folder / "bin" / "python", "-m", "pip", "install", "--no-deps", "--no-index", wheel)
    site = run(folder / "bin" / "python", "-c", "import site; print(site.getsitepackages()[0])")
    # A path in a .pth file does not bring the .pth files of that path: this checkout stays away.
    (Path(site.strip()) / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin"


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Run a command to its good end, and return what it printed."""
    ended = subprocess.run(  # noqa: S603 - commands of this test
        command, cwd=cwd, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_wheel_carries_all_that_the_code_reads(wheel: Path) -> None:
    packed = {name for name in ZipFile(wheel).namelist() if not name.startswith("keyfob-")}

    templates = places.email_templates()
    mail = {path.relative_to(templates.parent) for path in templates.rglob("*") if path.is_file()}
    assert {f"app/{path}" for path in mail} <= packed
    assert "app/schema.graphql" in packed
    assert "app/web/graphiql/page.html" in packed
    assert {name.partition("/")[0] for name in packed} == {"app", "models", "resolvers"}
    assert not {name for name in packed if name.endswith((".pyc", ".env", "secret_key"))}


def test_it_runs_from_another_folder(installed: Path, tmp_path: Path) -> None:
    place = run(installed / "python", "-c", "import app; print(app.__file__)", cwd=tmp_path)
    assert Path(place).is_relative_to(installed.parent)

    printed = run(installed / "keyfob", "schema", cwd=tmp_path)
    assert printed == places.schema().read_text()

    run(installed / "keyfob", "migrate", cwd=tmp_path)
    assert {"keyfob.sqlite3", "secret_key"} <= {path.name for path in (tmp_path / "var").iterdir()}


def test_installed_it_finds_what_it_carries(installed: Path, tmp_path: Path) -> None:
    ask = "from app.kit import places as p; print(p.email_templates(), p.schema(), p.graphiql())"

    found = run(installed / "python", "-c", ask, cwd=tmp_path).split()

    assert [Path(place).name for place in found] == [
        "email_templates",
        "schema.graphql",
        "graphiql",
    ]
    assert all(
        Path(place).exists() and Path(place).is_relative_to(installed.parent) for place in found
    )
