"""TypeIDs, written and read by tables: what somebody does who wants them fast."""

from functools import lru_cache
from typing import Final
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as PG  # the driver's own, and faster

LETTERS: Final = "0123456789abcdefghjkmnpqrstvwxyz"
TWO: Final = [a + b for a in LETTERS for b in LETTERS]
THREE: Final = [a + b for a in TWO for b in LETTERS]
DIGITS: Final = str.maketrans(LETTERS, "0123456789abcdefghijklmnopqrstuv")
LENGTH: Final = 26


def shown(prefix: str, key: UUID) -> str:
    """Write a key as a TypeID."""
    i = key.int
    return (
        f"{prefix}_{TWO[i >> 120]}{THREE[i >> 105 & 32767]}{THREE[i >> 90 & 32767]}"
        f"{THREE[i >> 75 & 32767]}{THREE[i >> 60 & 32767]}{THREE[i >> 45 & 32767]}"
        f"{THREE[i >> 30 & 32767]}{THREE[i >> 15 & 32767]}{THREE[i & 32767]}"
    )


@lru_cache(maxsize=8192)
def shown_often(prefix: str, key: UUID) -> str:
    """Write the key of something that is shown again and again: a person, an account."""
    return shown(prefix, key)


def read(prefix: str, text: str) -> UUID:
    """Read a TypeID of one kind; ValueError for anything else."""
    kind, _, digits = text.partition("_")
    if kind != prefix or len(digits) != LENGTH or digits[0] > "7" or not digits.isalnum():
        raise ValueError(text)
    return PG(int(digits.translate(DIGITS), 32).to_bytes(16, "big"))
