"""What is promised has a test that shows it."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "security.md").read_text()
PROMISES, MISSING = PAGE.split("\n## Not there yet\n")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
ROWS = re.findall(r"^\| (\d+\.\d+\.\d+(?:, \d+\.\d+\.\d+)*) \|(.*)\|$", PAGE, re.MULTILINE)
LEVEL_2 = {  # how many requirements of level 1 or 2 come first in each section of ASVS 5.0
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "9.1": 3,
    "9.2": 4,
}


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


def test_every_requirement_of_asvs_at_level_2_has_its_line_and_what_applies_its_test() -> None:
    wanted = [
        f"{section}.{number}" for section, most in LEVEL_2.items() for number in range(1, most + 1)
    ]
    told = [number for numbers, _ in ROWS for number in numbers.split(", ")]

    assert [number for number in wanted if told.count(number) != 1] == []
    applies, rest = PROMISES.split("\nDoes not apply:\n")
    assert [
        line for line in re.findall(r"^\| \d.*$", applies, re.MULTILINE) if "`tests/" not in line
    ] == []
    assert "`tests/" not in rest
