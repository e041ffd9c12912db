"""Reading SQLite's own record of a table: the text of its CREATE TABLE."""

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from typing import Self

from app.kit.frozen import frozen

TOKENS = re.compile(
    r"""/\*.*?\*/|--[^\n]*|'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|.""", re.DOTALL
)
CONSTRAINTS = frozenset({"CHECK", "CONSTRAINT", "FOREIGN", "PRIMARY", "UNIQUE"})


def statements(script: str) -> Iterator[str]:
    """Split a script at the semicolons that end a statement, not at those in triggers or text."""
    statement = ""
    for piece in script.split(";"):
        statement += f"{piece};"
        if sqlite3.complete_statement(statement):
            if statement.strip("; \n"):
                yield statement.strip()
            statement = ""


@frozen
class Body:
    """What stands between the parentheses of a CREATE TABLE."""

    columns: dict[str, str]
    constraints: tuple[str, ...]

    @classmethod
    def of(cls, create: str) -> Self:
        """Read a CREATE TABLE."""
        columns, constraints = {}, []
        for item in _items(create):
            word = item.split("(")[0].split()[0]
            if word.upper() in CONSTRAINTS:
                constraints.append(item)
            else:
                columns[word.strip('"`[]')] = item
        return cls(columns, tuple(constraints))

    def create(self, table: str) -> str:
        """Write a CREATE TABLE."""
        return f'CREATE TABLE "{table}" ({", ".join((*self.columns.values(), *self.constraints))})'

    def without(self, column: str) -> Self:
        """Take away a column and the constraints that name it."""
        columns = {name: text for name, text in self.columns.items() if name != column}
        kept = tuple(text for text in self.constraints if not named(text, column))
        return replace(self, columns=columns, constraints=kept)

    def changed(self, column: str, text: str) -> Self:
        """Write a column anew; LookupError if there is none of that name."""
        if column not in self.columns:
            raise LookupError(column)  # rename it in one migration, change it in the next
        return replace(self, columns={**self.columns, column: text})

    def constrained(self, constraint: str) -> Self:
        """Add a constraint."""
        return replace(self, constraints=(*self.constraints, constraint))

    def released(self, name: str) -> Self:
        """Take away a constraint; LookupError if there is none of that name."""
        its = re.compile(rf'CONSTRAINT "?{re.escape(name)}"?\s', re.IGNORECASE)
        kept = tuple(text for text in self.constraints if not its.match(text))
        if kept == self.constraints:
            raise LookupError(name)
        return replace(self, constraints=kept)


def named(text: str, column: str) -> bool:
    """Tell whether a text names a column."""
    return re.search(rf"\b{re.escape(column)}\b", text) is not None


def _items(create: str) -> Iterator[str]:
    """Split at the commas that separate columns and constraints."""
    depth, item = 0, ""
    for piece in TOKENS.findall(create):
        if piece.startswith(("/*", "--")):
            continue
        depth += (piece == "(") - (piece == ")")
        if depth == 0 and piece == ")":
            yield item.strip()
            return
        if depth == 1 and piece == ",":
            yield item.strip()
            item = ""
        elif depth > 1 or (depth == 1 and piece != "("):
            item += piece
