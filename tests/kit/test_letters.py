"""Mail in words."""

import textwrap
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import letters, locales, places, words
from app.kit.facts import FACTS
from app.kit.letters import WrongFacts
from app.kit.samples import MAILS
from models import Permission, Relationship

INVITE = {**MAILS["invite"], "permissions": [*Permission]}
LINK = INVITE["link"]
REPLY = MAILS["ticket_reply"]
NASTY = [
    "http://evil.example",
    "<b>bold</b> & <a href='https://evil.example'>x</a>",
    "[x](https://evil.example)",
    "=> https://evil.example Click",
    "> quote",
    "* item",
    "-- \nsmall",
    "{{ link }} {% if 1 %}",
    "a\r\nBcc: evil@x.example\n\n=> https://evil.example Click",
    "a\u0085b\u2028c\u2029d",
    "=?utf-8?q?a=0ABcc:_x?=",
    "\0000\0 \0001\0",
    "\x1b[31mred",
    "\u202egnp.exe",
]


class Page(HTMLParser):
    """An HTML page as a mail program sees it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str | None] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag, and where it leads."""
        self.tags.append(tag)
        self.links += [value for name, value in attrs if name in {"href", "src"}]

    def handle_data(self, data: str) -> None:
        """Note words."""
        self.words += data


@pytest.mark.parametrize("locale", locales.LOCALES)
@pytest.mark.parametrize("kind", FACTS)
def test_every_mail_can_be_read_in_every_language(kind: str, locale: str) -> None:
    facts = MAILS[kind]

    letter = letters.render(kind, locale, facts)

    page = Page(letter.html)
    told = [shown(fact, locale) for name, fact in facts.items() if name not in UNTOLD]
    link = facts.get("link")
    assert [fact for fact in told if fact not in letter.text] == []
    assert [fact for fact in told if fact not in page.words] == []
    assert set(page.links) == ({link} if link else set())
    assert f'<html lang="{locale}">' in letter.html
    assert "img" not in page.tags
    assert "\0" not in letter.text + letter.html + letter.subject
    assert all(len(line) <= 78 for line in letter.text.splitlines() if line != link)
    assert letter.text.endswith("\n")


UNTOLD = {"permissions", "badge", "subject", "note", "body"}


def shown(fact: object, locale: str) -> str:
    return locales.instant(fact, locale) if isinstance(fact, datetime) else str(fact)


def test_an_invite_names_every_permission_in_every_language() -> None:
    for locale in locales.LOCALES:
        text = letters.render("invite", locale, INVITE).text
        assert text.count("\n- ") == len(Permission)
        assert not [permission for permission in Permission if permission in text]


def test_every_language_has_every_mail_in_words_of_its_own() -> None:
    folder = places.email_templates()
    kept = {
        locale: sorted(path.stem for path in (folder / locale).iterdir())
        for locale in locales.LOCALES
    }

    assert kept == {locale: sorted(FACTS) for locale in locales.LOCALES}
    assert MAILS.keys() == FACTS.keys()
    for kind in FACTS:
        assert len({(Path(folder) / locale / f"{kind}.txt").read_text() for locale in kept}) == len(
            kept
        )


def test_an_invite_says_who_and_what_and_until_when() -> None:
    letter = letters.render("invite", "en", INVITE)

    assert letter.subject == "Ann Smith invites you to Acme"
    assert "- Open, read and answer support tickets\n" in letter.text
    assert "> Hi Bob,\n> please help.\n" in letter.text
    assert f"\n\nSee the invite:\n{LINK}\n\n" in letter.text
    assert "until 2 December 2026, 14:05 UTC." in letter.text
    assert '<blockquote dir="auto">Hi Bob,<br>please help.</blockquote>' in letter.html


def test_an_invite_without_a_note_quotes_nothing() -> None:
    letter = letters.render("invite", "en", INVITE | {"note": None})

    assert "adds:" not in letter.text
    assert "<blockquote" not in letter.html
    assert "None" not in letter.text


def test_a_reply_carries_number_badge_and_the_whole_body() -> None:
    letter = letters.render("ticket_reply", "de-AT", REPLY)

    assert letter.subject == "[ABC-123456] Printer on fire"
    assert "Sue (Support) hat im Ticket ABC-123456 geschrieben:" in letter.text
    assert "> Dear Bob,\n>\n>     put it out.\n> .\n> MAIL FROM:<x@x.example>\n" in letter.text
    assert "<br>.<br>MAIL FROM:&lt;x@x.example&gt;<br>" in letter.html


@pytest.mark.parametrize("badge", Relationship)
def test_every_badge_has_a_name_in_every_language(badge: Relationship) -> None:
    for locale in locales.LOCALES:
        assert badge not in letters.render("ticket_reply", locale, {**REPLY, "badge": badge}).text


@pytest.mark.parametrize("typed", NASTY, ids=ascii)
def test_what_people_typed_becomes_no_link_no_markup_and_no_header(typed: str) -> None:
    plain = letters.render("invite", "en", INVITE | {"account": "x", "inviter": "x", "note": "x"})
    letter = letters.render(
        "invite", "en", INVITE | {"account": typed, "inviter": typed, "note": typed}
    )
    page = Page(letter.html)

    assert len(letter.subject.splitlines()) == 1
    assert "=?" not in letter.subject
    assert set(page.links) == {LINK}
    assert [tag for tag in page.tags if tag != "br"] == Page(plain.html).tags
    assert "\0" not in letter.text
    assert "\x1b" not in letter.text + letter.html
    assert letter.text.count("\n\nSee the invite:\n") == 1
    assert [line for line in letter.text.splitlines() if line == "-- "] == ["-- "]


def test_a_long_subject_is_cut() -> None:
    letter = letters.render("ticket_reply", "en", {**REPLY, "subject": "x" * 300})

    assert letter.subject == f"[ABC-123456] {'x' * 236}…"


def test_a_long_line_of_a_reply_is_broken_between_words_and_nowhere_else() -> None:
    body = f"{'word ' * 40}\n{'x' * 100}\nhttps://x.example/{'y' * 100}"

    text = letters.render("ticket_reply", "en", {**REPLY, "body": body}).text

    assert f"\n> {'x' * 100}\n> https://x.example/{'y' * 100}\n" in text
    assert text.count("word") == 40


@pytest.mark.parametrize("locale", ["ptbr", "pt_BR", "../../etc", "", "x" * 500])
def test_a_mail_in_an_unknown_language_leaves_in_english(locale: str) -> None:
    letter = letters.render("verify_email", locale, MAILS["verify_email"])

    assert letter == letters.render("verify_email", "en", MAILS["verify_email"])


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"name": "Ann", "account": "Acme"},
        {"name": "Ann", "account": "Acme", "invited": "b@x.example", "extra": "x"},
        {"name": None, "account": "Acme", "invited": "b@x.example"},
        {"name": 7, "account": "Acme", "invited": "b@x.example"},
    ],
)
def test_a_mail_with_wrong_facts_is_not_written(wrong: dict[str, object]) -> None:
    with pytest.raises(WrongFacts):
        letters.render("invite_declined", "en", wrong)


@given(
    st.lists(st.text(st.characters(exclude_categories=["Cs", "Z", "Cc"]), min_size=1), min_size=1),
    st.sampled_from(["", "- ", "> "]),
)
def test_a_short_line_is_what_wrapping_makes_of_it(typed: list[str], first: str) -> None:
    line = " ".join(typed)
    assert words._wrapped(line, first, "  ") == textwrap.fill(  # noqa: SLF001
        line,
        words.WIDTH,
        initial_indent=first,
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
