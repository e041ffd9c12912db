"""Packages of migrations that grow during a test."""

from pathlib import Path
from uuid import uuid4

from app.database.opening import Apps

HERE = Path(__file__).parent / "migrations"
FIRST, SECOND = "0001_initial", "0002_longer_names"


class Package:
    """A package of migrations that grows during a test."""

    def __init__(self, folder: Path) -> None:
        self.name = f"migrations_{uuid4().hex}"
        self.folder = folder / self.name
        self.folder.mkdir()
        (self.folder / "__init__.py").touch()

    @property
    def apps(self) -> Apps:
        """The tests' models with these migrations."""
        return {"models": {"models": ["tests.database.models"], "migrations": self.name}}

    def copy(self, name: str) -> None:
        """Take over one of the tests' own migrations."""
        (self.folder / f"{name}.py").write_text((HERE / f"{name}.py").read_text())

    def add(self, name: str, after: str, operations: str, *, atomic: bool = True) -> None:
        """Write one."""
        (self.folder / f"{name}.py").write_text(f"""
from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
class Migration(migrations.Migration):
    dependencies = [("models", "{after}")]
    operations = [{operations}]
    atomic = {atomic}
""")


def quiet(name: str) -> None:
    """Hear of progress, and say nothing."""
