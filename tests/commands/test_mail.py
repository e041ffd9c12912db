"""Looking at the mail before anybody gets it."""

import pytest

from app.kit import letters
from app.kit.samples import MAILS
from tests.commands.terminal import Terminal


def test_a_mail_is_shown_as_a_terminal_can_show_it(terminal: Terminal) -> None:
    lines = terminal.succeeds("mail", "preview", "reset_password")

    assert lines[:3] == ["Subject: Set a new password", "", "Hello Ann,"]
    assert "https://keyfob.example/reset/0123456789-abcdefghijklmnopqrstuvwxyz_ABCDEFG" in lines
    assert all(len(line) <= 78 for line in lines)
    assert [*terminal.folder.iterdir()] == []


def test_a_mail_is_shown_in_another_language(terminal: Terminal) -> None:
    lines = terminal.succeeds("mail", "preview", "two_factor_disabled", "--locale", "de-AT")

    assert lines[0] == "Subject: Die Anmeldung in zwei Schritten ist ausgeschaltet"
    assert "am 2. Dezember 2026, 14:05 Uhr UTC, wurde die Anmeldung in zwei Schritten" in lines


def test_a_mail_is_shown_as_a_page(terminal: Terminal) -> None:
    lines = terminal.succeeds("mail", "preview", "invite", "--html")

    assert lines == letters.render("invite", "en", MAILS["invite"]).html.splitlines()
    assert lines[0] == "<!doctype html>"


def test_it_needs_no_settings(terminal: Terminal) -> None:
    terminal.environment["KEYFOB_PORT"] = "http"

    assert terminal.succeeds("mail", "preview", "locked")[0].startswith("Subject: ")


@pytest.mark.parametrize("kind", ["invites", "../en/invite", ""])
def test_an_unknown_mail_is_one_line_that_lists_the_known_ones(
    terminal: Terminal, kind: str
) -> None:
    line = terminal.complaint("mail", "preview", kind)

    assert line == f"keyfob: there is no mail {kind!r}. Choose one of: {', '.join(MAILS)}."


def test_an_unknown_language_is_one_line(terminal: Terminal) -> None:
    line = terminal.complaint("mail", "preview", "invite", "--locale", "tlh")

    assert line == "keyfob: no mail is written in 'tlh'. Choose one of: en, de."


def test_there_is_help_on_it(terminal: Terminal) -> None:
    assert any(line.startswith("  mail ") for line in terminal.succeeds("--help"))
    assert "reset_password" in " ".join(terminal.succeeds("mail", "preview", "--help"))
