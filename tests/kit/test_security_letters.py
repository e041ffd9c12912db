"""Mail about how somebody signs in."""

from datetime import datetime, timedelta, timezone

import pytest

from app.kit import letters, locales
from app.kit.samples import MAILS

CHANGES = (
    "email_changed",
    "password_changed",
    "two_factor_enabled",
    "two_factor_disabled",
    "recovery_code_used",
    "passkey_added",
    "passkey_removed",
    "new_device",
    "locked",
)
LINKS = ("verify_email", "change_email", "reset_password", "registration_attempted")
NOT_ME = {"en": "not you, ", "de": "Wenn Sie es nicht waren, "}


@pytest.mark.parametrize("locale", locales.LOCALES)
@pytest.mark.parametrize("kind", CHANGES)
def test_a_mail_that_tells_of_a_change_says_what_to_do_if_it_was_not_the_reader(
    kind: str, locale: str
) -> None:
    text = " ".join(letters.render(kind, locale, MAILS[kind]).text.split())

    assert NOT_ME[locale] in text.partition("-- ")[0]


@pytest.mark.parametrize("locale", locales.LOCALES)
@pytest.mark.parametrize("kind", LINKS)
def test_a_mail_with_a_link_says_that_it_can_be_left(kind: str, locale: str) -> None:
    text = " ".join(letters.render(kind, locale, MAILS[kind]).text.split())

    assert NOT_ME[locale] in text.partition("-- ")[2]


def test_an_instant_is_written_in_utc_wherever_it_was_noted() -> None:
    tokyo = timezone(timedelta(hours=9))
    facts = {**MAILS["password_changed"], "at": datetime(2026, 3, 1, 1, 30, tzinfo=tokyo)}

    english = letters.render("password_changed", "en", facts).text
    german = letters.render("password_changed", "de", facts).text

    assert "on 28 February 2026, 16:30 UTC, your password" in english
    assert "am 28. Februar 2026, 16:30 Uhr UTC, wurde" in german


@pytest.mark.parametrize(
    ("left", "english", "german"),
    [
        (0, "That was the last one.", "Das war der letzte."),
        (1, "You have 1 recovery code left: make", "Sie haben noch 1 Wiederherstellungscode:"),
        (9, "You have 9 recovery codes left.", "Sie haben noch 9 Wiederherstellungscodes."),
    ],
)
def test_the_codes_that_are_left_are_counted_in_words(left: int, english: str, german: str) -> None:
    facts = {**MAILS["recovery_code_used"], "left": left}

    assert english in letters.render("recovery_code_used", "en", facts).text
    assert german in letters.render("recovery_code_used", "de", facts).text


@pytest.mark.parametrize("kind", ["passkey_added", "passkey_removed"])
def test_the_name_of_a_passkey_is_never_layout(kind: str) -> None:
    facts = {**MAILS[kind], "passkey": "x\n\n=> https://evil.example <b>Click</b>"}

    letter = letters.render(kind, "en", facts)

    assert "- x => https://evil.example <b>Click</b>\n" in letter.text
    assert "<bdi>x =&gt; https://evil.example &lt;b&gt;Click&lt;/b&gt;</bdi>" in letter.html
    assert "<a " not in letter.html
