"""Characters as readers see them: a letter with its marks, a flag, a family of joined emoji."""

import re
from unicodedata import category

from app.kit.characters import ZWJ, ZWNJ, is_emoji

_TONE_OR_TAG = re.compile("[\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]{2}")
# A virama and the letter after it; the parts of a Korean syllable.
_BOUND = re.compile(
    "[\u094d\u09cd\u0acd\u0b4d\u0c4d\u0ccd\u0d4d][\u0904-\u0d7f]"
    "|[\u1100-\u11ff][\u1100-\u11ff]|[\uac00-\ud7a3][\u1160-\u11ff]"
)


def first(text: str) -> str:
    """Return the first character as a reader sees it (UAX 29, as far as names need it); "" of nothing."""
    end = min(1, len(text))
    while end < len(text) and _goes_on(text, end):
        end += 1
    return text[:end]


def _goes_on(text: str, at: int) -> bool:
    pair, char = text[at - 1 : at + 1], text[at]
    return (
        category(char)[0] == "M"
        or char in {ZWJ, ZWNJ}
        or (pair[0] == ZWJ and is_emoji(char))
        or (at == 1 and _FLAG.match(pair) is not None)
        or _TONE_OR_TAG.match(char) is not None
        or _BOUND.match(pair) is not None
    )
