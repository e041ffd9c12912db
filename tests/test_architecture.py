"""Which room may know which; and no module knows itself by a detour."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT: dict[str, set[str]] = {
    "models": set(),
    "app.kit": set(),
    "app.database": {"app.kit"},
    "app.domain": {"models", "app.kit", "app.database"},
    "app.engine": {"app.kit"},
    "resolvers": {"app.domain", "app.database", "models", "app.kit"},
    "app.web": {"resolvers", "app.domain", "app.engine", "app.kit"},
    "app.demo": {"app.domain", "app.database", "models", "app.kit"},
    "app": {
        *("models", "resolvers", "app.kit", "app.database", "app.domain"),
        *("app.engine", "app.web", "app.demo"),
    },
}
FROM_THE_WEB = {"resolvers.carriers", "resolvers.context"}
WRITING = {"create", "save", "update", "delete", "bulk_create", "update_or_create"}
TOPS = ("app", "models", "resolvers")
FILES = sorted(path for top in TOPS for path in ROOT.glob(f"{top}/**/*.py"))
MODULES = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in FILES}


@pytest.mark.parametrize("name", MODULES)
def test_a_room_knows_only_the_rooms_below(name: str) -> None:
    home = room(name)
    assert home
    known = set(imports(MODULES[name]))
    assert {room(each) for each in known} <= MAY_IMPORT[home] | {home, None}
    if home == "app.web":
        assert {each for each in known if room(each) == "resolvers"} <= FROM_THE_WEB


def test_no_module_knows_itself_by_a_detour() -> None:
    graph = {
        name: {each for each in imports(path) if each in MODULES and each != name}
        for name, path in MODULES.items()
    }

    assert len(tuple(TopologicalSorter(graph).static_order())) == len(MODULES)


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith("resolvers.")])
def test_resolvers_write_no_row(name: str) -> None:
    tree = ast.parse(MODULES[name].read_text())
    rules = {
        alias.asname or alias.name
        for found in ast.walk(tree)
        if isinstance(found, ast.ImportFrom) and found.module == "app.domain"
        for alias in found.names
    }
    for call in (each for each in ast.walk(tree) if isinstance(each, ast.Await)):
        function = getattr(call.value, "func", None)
        if isinstance(function, ast.Attribute) and function.attr in WRITING:
            assert isinstance(function.value, ast.Name), ast.unparse(call)
            assert function.value.id in rules, ast.unparse(call)


def room(module: str) -> str | None:
    """Name the room a module is in, if it is one of ours."""
    inside = (each for each in MAY_IMPORT if f"{module}.".startswith(f"{each}."))
    return max(inside, key=len, default=None)


def imports(path: Path) -> Iterator[str]:
    """Yield the full name of everything a module imports at run time."""
    tree = ast.parse(path.read_text())
    for found in tree.body:
        if isinstance(found, ast.Import):
            yield from (alias.name for alias in found.names)
        elif isinstance(found, ast.ImportFrom):
            for alias in found.names:
                whole = f"{found.module}.{alias.name}"
                yield whole if whole in MODULES else str(found.module)
