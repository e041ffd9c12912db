"""Messages that can travel."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.kit import compose
from app.kit.addresses import InvalidAddress
from app.kit.compose import Draft, WrongHeader
from app.kit.letters import Letter

AT = datetime(2026, 11, 25, 2, 26, 7, tzinfo=UTC)
HEADERS = [
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"),
    *("X-Auto-Response-Suppress", "MIME-Version", "Content-Type"),
]


def draft(subject: str = "Hello", sender: str = "Keyfob <keyfob@x.example>", **more: str) -> Draft:
    letter = Letter(subject, "Grüße\n", "<p>Grüße</p>")
    ids = {"to": "Bob+tag@x.example", "message_id": "<eml_1@x.example>"} | more
    return Draft(sender=sender, letter=letter, at=AT, **ids)


def arrived(sent: Draft) -> EmailMessage:
    """Read a message as a mail program does."""
    return message_from_bytes(compose.message(sent).as_bytes(), policy=policy.default)


def test_a_message_has_what_mail_programs_and_robots_look_for() -> None:
    mail = arrived(draft(thread_id="<tkt_1@x.example>", reply_to="Support <support@x.example>"))

    assert mail["From"] == "Keyfob <keyfob@x.example>"
    assert mail["To"] == "Bob+tag@x.example"
    assert mail["Date"].datetime == AT
    assert mail["Message-ID"] == "<eml_1@x.example>"
    assert mail["In-Reply-To"] == mail["References"] == "<tkt_1@x.example>"
    assert mail["Reply-To"] == "Support <support@x.example>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "multipart/alternative"
    assert [part.get_content().strip() for part in mail.iter_parts()] == ["Grüße", "<p>Grüße</p>"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("a\r\nBcc: evil@x.example", "a Bcc: evil@x.example"),
        ("a\nBcc: evil@x.example", "a Bcc: evil@x.example"),
        ("a\u0085Bcc: evil@x.example", "a Bcc: evil@x.example"),
        ("a\u2028Bcc: evil@x.example", "a Bcc: evil@x.example"),
        ("=?utf-8?q?a=0D=0ABcc:_evil?=", "= ?utf-8?q?a=0D=0ABcc:_evil?="),
        ("=\u202e?utf-8?b?YQpCY2M6IHg=?=", "= ?utf-8?b?YQpCY2M6IHg= ?="),
        ("Bad \ud800 half", "Bad half"),
        ("報告 🚀 " * 20, ("報告 🚀 " * 20).strip()),
        ("w" * 250, "w" * 250),
        ("", ""),
    ],
)
def test_a_subject_is_one_line_and_says_what_was_typed(typed: str, shown: str) -> None:
    mail = arrived(draft(typed))

    assert mail["Subject"] == shown
    assert mail.keys() == HEADERS


@given(some.text(max_size=200))
def test_no_subject_adds_a_header_or_a_long_line(typed: str) -> None:
    sent = compose.message(draft(typed)).as_bytes()

    assert message_from_bytes(sent).keys() == HEADERS
    assert max(map(len, sent.split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    "typed", ["Ann\r\nBcc: x <a@x.example>", "=?utf-8?q?a=0ABcc:_x?= <a@x.example>"]
)
def test_no_sender_adds_a_header(typed: str) -> None:
    assert arrived(draft(sender=typed)).keys() == HEADERS


def test_message_ids_are_never_folded_nor_encoded() -> None:
    long = f"<{'a' * 90}@{'b' * 90}.example>"

    sent = compose.message(draft(message_id=long, thread_id=long)).as_bytes().decode()

    assert f"\r\nMessage-ID: {long}\r\nIn-Reply-To: {long}\r\nReferences: {long}\r\n" in sent


@pytest.mark.parametrize(
    "wrong", ["eml_1", "<a@b>\r\nBcc: x", "<a@b> <c@d>", "<a@b@c>", "<ä@b>", ""]
)
def test_what_is_no_message_id_is_refused(wrong: str) -> None:
    with pytest.raises(WrongHeader):
        compose.message(draft(message_id=wrong))
    with pytest.raises(WrongHeader):
        compose.message(draft(thread_id=wrong))


def test_domains_travel_in_ascii() -> None:
    mail = arrived(draft(to="bob@münchen.example", sender="Zoë <z@zoë.example>"))

    assert mail["To"] == "bob@xn--mnchen-3ya.example"
    assert mail["From"] == "Zoë <z@xn--zo-ija.example>"


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(InvalidAddress):
        compose.message(draft(to="bob"))
