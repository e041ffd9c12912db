"""Characters: which of them people may type into a name, and how any text is made one line."""

import re
from unicodedata import category, combining

ZWNJ, ZWJ = "\u200c", "\u200d"
VIRAMA = 9  # the combining class of the marks that join Indic letters
MOST_MARKS = 6  # on one letter: Hebrew and Tibetan stack four or five, nobody stacks more

_BREAKS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_EMOJI = re.compile("[\u2190-\u2bff\U0001f000-\U0001fbff]")
# Scripts whose letters join: Arabic and its neighbours, the Indic ones and theirs.
_COMPLEX = re.compile("[\u0600-\u1cff\ua840-\uabff]")
# Letters, marks and a symbol that show nothing: fillers, joiners, the empty Braille cell.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]")
# Never to be assigned, or assigned to nothing that shows; the tags are among them.
_NO_CHARACTER = re.compile("[\ufdd0-\ufdef\ufffe\uffff\u2065\ufff0-\ufff8\U000e0000-\U000e0fff]")
_CONTROLS = frozenset(("Cc", "Cs", "Zl", "Zp"))
_HIDDEN = _CONTROLS | {"Cf", "Co"}

_SELECTOR = re.compile("[\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
# What has variants, and their selectors: emoji and key caps, Mongolian letters, ideographs.
_VARIANT = re.compile(
    "[0-9#*\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001fbff]"
    "[\ufe0e\ufe0f]"
    "|[\u1820-\u18aa][\u180b-\u180f]"
    "|[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff][\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)


def one_line(text: str) -> str:
    """Make any text one line that is safe in a header or a sentence: breaks and controls become blanks.

    What looks like an encoded word (RFC 2047) is broken, or mail programs would decode it.
    """
    if not text.isprintable():
        plain = _BIDI.sub("", text)
        text = "".join(" " if category(char) in _CONTROLS else char for char in plain)
    return " ".join(text.replace("=?", "= ?").split())


def lines(text: str) -> list[str]:
    """Split text at every kind of line break; other controls, as terminals obey them, become U+FFFD."""
    return [
        line if line.isprintable() else "".join(map(_harmless, line))
        for line in _BREAKS.split(text)
    ]


def is_visible(char: str) -> bool:
    """Tell whether a character shows something by itself; one that is newer than Python may."""
    is_shown = category(char)[0] in "LNPS" or category(char) == "Cn"
    return is_shown and _BLANK.match(char) is None


def hidden(text: str) -> str | None:
    """Return the first character that nobody could see or that changes how others are shown.

    Joiners and variation selectors are fine where a script or an emoji needs them.
    """
    return next((char for at, char in enumerate(text) if not _may_stand(text, at)), None)


def is_flooded(text: str) -> bool:
    """Tell whether a letter carries more marks than any script stacks."""
    run = 0
    for char in text:
        run = run + 1 if category(char)[0] == "M" else 0
        if run > MOST_MARKS:
            return True
    return False


def is_emoji(char: str) -> bool:
    """Tell whether a character may be a part of a joined emoji."""
    return _EMOJI.match(char) is not None


def _harmless(char: str) -> str:
    return "\ufffd" if category(char) in _CONTROLS and char != "\t" else char


def _may_stand(text: str, at: int) -> bool:
    char, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if char in {ZWJ, ZWNJ}:
        return _joins(char, before, after)
    if _SELECTOR.match(char):
        return _VARIANT.match(before + char) is not None
    if category(char)[0] == "M" and not before:
        return False
    return not (category(char) in _HIDDEN or _BLANK.match(char) or _NO_CHARACTER.match(char))


def _joins(char: str, before: str, after: str) -> bool:
    if is_emoji(after):
        return char == ZWJ and (is_emoji(before) or before == "\ufe0f")
    ends_open = before != "" and combining(before) == VIRAMA
    return _is_complex(before) and (_is_complex(after) or ends_open)


def _is_complex(char: str) -> bool:
    return _COMPLEX.match(char) is not None and category(char)[0] in "LM"
