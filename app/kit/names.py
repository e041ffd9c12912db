"""Names and other short texts that people type: what may stand in them, and the initials of a name."""

from functools import lru_cache
from unicodedata import category

from app.kit import characters, graphemes

_BLANKS = " \u00a0\u3000"


class InvalidText(ValueError):
    """A text that cannot be taken; the message says what to change."""


def clean_name(text: str, limit: int) -> str:
    """Take a line that must show something, without the blanks around it; otherwise as typed.

    Raises InvalidText.
    """
    name = clean_line(text, limit)
    if not any(map(characters.is_visible, name)):
        msg = "Write at least one visible character."
        raise InvalidText(msg)
    return name


def clean_line(text: str, limit: int) -> str:
    """Take a line that may be empty; raises InvalidText."""
    line = text.strip(_BLANKS)
    _check(line, line, limit)
    return line


def clean_note(text: str, limit: int) -> str:
    """Take plain text of several lines; raises InvalidText."""
    note = text.replace("\r\n", "\n").strip(f"{_BLANKS}\n")
    _check(note, note.replace("\n", " ").replace("\t", " "), limit)
    return note


@lru_cache(maxsize=8_192)
def initials(name: str) -> str:
    """Return one or two characters, as a reader sees them, that stand for a name; never empty."""
    words = [start for start in map(_start, name.split()) if start]
    if not words:
        return graphemes.first(name.strip()) or "?"
    ends = words[:1] + words[1:][-1:]
    return "".join(_capital(graphemes.first(word)) for word in ends)


def _check(text: str, shown: str, limit: int) -> None:
    if len(text) > limit:
        msg = f"Write at most {limit} characters."
    elif (char := characters.hidden(shown)) is not None:
        msg = f"Leave out the invisible character U+{ord(char):04X}."
    elif characters.is_flooded(shown):
        msg = "Put fewer marks on one letter."
    else:
        return
    raise InvalidText(msg)


def _start(word: str) -> str:
    """Return a word from its first letter, figure or emoji on."""
    for at, char in enumerate(word):
        if category(char)[0] in "LN" or characters.is_emoji(char):
            return word[at:]
    return ""


def _capital(letter: str) -> str:
    """Capitalise, unless that would make two letters of one (ß)."""
    capital = letter.upper()
    return capital if len(capital) == len(letter) else letter
