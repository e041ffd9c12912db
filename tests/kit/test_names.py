"""Names and other short texts that people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.kit import names
from app.kit.names import InvalidText

FAMILY = "👩‍👩‍👧‍👦"
FINE = {
    "Ann Smith": "AS",
    "O\u2019Neil": "O",
    "ann": "A",
    "Jean\u00a0Paul Müller": "JM",
    "أحمد محمد": "أم",
    "נֹעָה כֹּהֵן": "נֹכֹּ",
    "王小明": "王",
    "山田\u3000太郎": "山太",
    "김 민준": "김민",
    "श्री क्षितिज": "श्रीक्षि",
    "نیک\u200cز\u0627د": "ن",
    "葛\U000e0100城": "葛\U000e0100",
    f"{FAMILY} Ann": f"{FAMILY}A",
    "👩🏽‍🚒 🇦🇹🇩🇪": "👩🏽‍🚒🇦🇹",
    "❤️‍🔥": "❤️‍🔥",
    "1️⃣ Ltd": "1️⃣L",
    "(Bob) «Acme»": "BA",
    "ßabine": "ß",
    "Ǆ ǆ": "ǄǄ",
    "3D Ltd": "3L",
    "&": "&",
    "\U0001fae9 newer than this Python": "\U0001fae9P",
}
REFUSED = [
    "\u200b",
    "\u2060",
    "\u00a0",
    "",
    "   ",
    "\u3164",
    "\u2800",
    "\u0301",
    "Ann\u200b Smith",
    "Ann\u2060",
    "Ann\ufeff",
    "Ann\u00ad",
    "Ann\u200d",
    "A\u200cnn",
    "Ann\ufe0f",
    "Ann\u202eSmith",
    "Ann\u2066Smith",
    "Ann\u200fSmith",
    "Ann\r\nBcc: x",
    "Ann\nSmith",
    "Ann\tSmith",
    "Ann\u0085Smith",
    "Ann\u2028Smith",
    "Ann\u2029Smith",
    "Ann\0Smith",
    "Ann\x1b[31m",
    "Ann\U000e0041",
    "🏴\U000e0067\U000e007f",
    "Ann\ud800",
    "Ann\ufffe",
    "Ann\ue000",
    "a" + "\u0301" * 300,
    "a\u034fb",
    "x" * 5000,
]


@pytest.mark.parametrize(("name", "initials"), FINE.items())
def test_a_name_of_any_script_stays_as_typed(name: str, initials: str) -> None:
    assert names.clean_name(name, 100) == name
    assert names.initials(name) == initials


@pytest.mark.parametrize("text", REFUSED, ids=ascii)
def test_a_name_that_hides_something_is_refused(text: str) -> None:
    with pytest.raises(InvalidText):
        names.clean_name(text, 100)


def test_blanks_around_a_name_are_left_out() -> None:
    assert names.clean_name(" \u00a0Ann \u3000", 3) == "Ann"


def test_a_refusal_says_what_to_change() -> None:
    with pytest.raises(InvalidText, match=r"^Write at most 3 characters\.$"):
        names.clean_line("four", 3)
    with pytest.raises(InvalidText, match=r"^Leave out the invisible character U\+200B\.$"):
        names.clean_line("a\u200bb", 100)
    with pytest.raises(InvalidText, match=r"^Put fewer marks on one letter\.$"):
        names.clean_line("a" + "\u0301" * 7, 100)


def test_a_line_may_be_empty_and_a_name_may_not() -> None:
    assert names.clean_line(" ", 10) == ""
    with pytest.raises(InvalidText, match=r"^Write at least one visible character\.$"):
        names.clean_name(" ", 10)


def test_a_note_keeps_its_lines_and_has_one_kind_of_them() -> None:
    assert names.clean_note("\nHi,\r\n\tBob\n\n", 500) == "Hi,\n\tBob"


@pytest.mark.parametrize("text", ["a\u2028b", "a\u0085b", "a\rb", "a\u202eb", "a\x1bb", "x" * 501])
def test_a_note_hides_nothing(text: str) -> None:
    with pytest.raises(InvalidText):
        names.clean_note(text, 500)


@given(some.text())
def test_initials_are_never_empty(name: str) -> None:
    assert names.initials(name) != ""


@pytest.mark.parametrize(
    ("name", "initials"), {"": "?", "  ": "?", "—": "—", "\u0301": "\u0301"}.items()
)
def test_what_has_no_letter_has_initials_too(name: str, initials: str) -> None:
    assert names.initials(name) == initials
