"""Making support staff, on the command line."""

import sqlite3
from contextlib import closing

from tests.commands.terminal import Terminal


def test_an_operator_is_made_with_a_password_that_is_shown_once(terminal: Terminal) -> None:
    terminal.succeeds("migrate")

    lines = terminal.succeeds("create-operator", "olga@keyfob.example", "Olga", "Staff", "--admin")

    assert lines[0] == "olga@keyfob.example is support staff now: ADMIN."
    assert lines[1].startswith("Password, shown this once: ")
    again = terminal.succeeds("create-operator", "olga@keyfob.example", "Olga", "Staff")
    assert again == ["olga@keyfob.example is support staff now: AGENT."]


def test_an_operator_needs_an_address(terminal: Terminal) -> None:
    terminal.succeeds("migrate")

    assert terminal.complaint("create-operator", "olga", "Olga", "Staff").startswith("keyfob: ")


def test_whoever_never_showed_an_address_to_be_theirs_is_made_no_operator(
    terminal: Terminal,
) -> None:
    terminal.succeeds("migrate")
    terminal.succeeds("create-operator", "olga@keyfob.example", "Olga", "Staff")
    with closing(sqlite3.connect(terminal.folder / "var" / "keyfob.sqlite3")) as rows, rows:
        rows.execute("UPDATE users SET email_verified_at = NULL")

    line = terminal.complaint("create-operator", "Olga@keyfob.example", "O", "S", "--admin")

    assert line.startswith("keyfob: There is a user with this address, who has never verified it.")
    with closing(sqlite3.connect(terminal.folder / "var" / "keyfob.sqlite3")) as rows:
        assert rows.execute("SELECT role FROM operators").fetchall() == [("AGENT",)]
