"""What is promised has a test that shows it."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text()
PROMISES, MISSING = PAGE.split("\n## Not there yet\n")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


@pytest.mark.parametrize("file", sorted({file for file, _ in NAMED}))
def test_every_test_that_is_named_exists(file: str) -> None:
    tree = ast.parse((ROOT / file).read_text())
    there = {
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }

    assert {name for each, name in NAMED if each == file} <= there


def test_every_promise_names_a_test_and_what_is_missing_none() -> None:
    promises = re.findall(r"^- .*(?:\n  .*)*", PROMISES, re.MULTILINE)

    assert len(promises) > 40
    assert [each for each in promises if "`tests/" not in each] == []
    assert "`tests/" not in MISSING
