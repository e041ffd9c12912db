"""The commands, run as commands: what they print, and how they end."""

import pytest

from app.kit import places
from tests.commands.terminal import Terminal


def test_there_is_help_on_every_command(terminal: Terminal) -> None:
    shown = terminal.run("--help").stdout

    for name in ("demo", "serve", "worker", "migrate", "schema", "create-operator", "doctor"):
        assert f"  {name} " in shown


def test_the_schema_is_printed_as_published(terminal: Terminal) -> None:
    assert "\n".join(terminal.succeeds("schema")) == places.schema().read_text().rstrip("\n")
    assert [*terminal.folder.iterdir()] == []


def test_a_wrong_setting_is_one_line(terminal: Terminal) -> None:
    terminal.environment["KEYFOB_PORT"] = "http"

    assert terminal.complaint("serve") == (
        "keyfob: KEYFOB_PORT cannot be used: it should be a valid integer, "
        "unable to parse string as an integer."
    )
    assert [*terminal.folder.iterdir()] == []


def test_migrating_twice_is_once(terminal: Terminal) -> None:
    first, second = terminal.succeeds("migrate"), terminal.succeeds("migrate")

    assert first[-1] == "The database is up to date."
    assert len(first) > 1
    assert second == ["The database is up to date."]


@pytest.mark.parametrize("command", ["migrate", "serve", "create-operator a@b.example A B"])
def test_an_unreachable_database_is_one_line(terminal: Terminal, port: str, command: str) -> None:
    terminal.environment["KEYFOB_PORT"] = port
    terminal.environment["KEYFOB_DATABASE_URL"] = "postgres://keyfob:hush@127.0.0.1:1/keyfob"

    line = terminal.complaint(*command.split())

    shown = "keyfob: KEYFOB_DATABASE_URL: postgres://keyfob@127.0.0.1:1/keyfob cannot be opened ("
    assert line.startswith(shown)
    assert line.endswith("start the server, or check host and port in its URL")


def test_the_doctor_finds_everything_well(installed: Terminal) -> None:
    lines = installed.succeeds("doctor")

    assert lines[:3] == [
        "ok    settings",
        "ok    database",
        "ok    mail (to files: KEYFOB_SMTP_URL is not set)",
    ]
    assert lines[3].startswith("ok    GraphiQL")


def test_the_doctor_names_what_is_ill_and_looks_on(terminal: Terminal, port: str) -> None:
    terminal.environment["KEYFOB_SMTP_URL"] = f"smtp://127.0.0.1:{port}"

    ended = terminal.run("doctor")

    lines = ended.stdout.splitlines()
    assert ended.returncode == 1
    assert lines[1].startswith("WRONG database: the database is ")
    assert lines[2].startswith("WRONG mail server: KEYFOB_SMTP_URL: ")
    assert lines[3].startswith("ok    GraphiQL")
    assert ended.stderr == ""
