"""What docs/clients.md shows is what the suite runs."""

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
GUIDE: Final = (ROOT / "docs" / "clients.md").read_text()
SOURCE: Final = re.compile(r"\]\(\.\./(tests/clients/\w+\.\w+)\)")
SHOWN: Final = re.compile(r"```(?:js|python)\n(.*?)```", re.DOTALL)


def snippets() -> list[tuple[str, str]]:
    """Pair each piece of code that is shown with the file that was named last before it."""
    found = []
    for block in SHOWN.finditer(GUIDE):
        source = SOURCE.findall(GUIDE, 0, block.start())[-1]
        found += [(source, piece) for piece in block[1].split("\n\n")]
    return found


@pytest.mark.parametrize(("source", "piece"), snippets())
def test_a_snippet_stands_in_the_file_that_it_is_from(source: str, piece: str) -> None:
    assert words(piece) in words((ROOT / source).read_text())


def test_every_script_of_a_client_is_shown() -> None:
    scripts = {f"tests/clients/{path.name}" for path in Path(__file__).parent.glob("*.mjs")}

    assert scripts - {source for source, _ in snippets()} == {"tests/clients/scene.mjs"}


def words(text: str) -> str:
    """Leave indentation out."""
    return " ".join(text.split())
