"""Passwords: hashed slowly under a key of the settings, checked off the event loop, judged before they are taken.

Stored is `keyfob1$<key id>$<bcrypt>`: bcrypt over base64(HMAC-SHA256(key, NFKC password)), so that all
of a long password counts. Bare bcrypt hashes, as PHP makes them, are checked as PHP does.
"""

import asyncio
import os
import re
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from hmac import digest
from threading import get_native_id
from typing import TYPE_CHECKING, TypeVar
from unicodedata import normalize

import bcrypt

from app.kit import secrets
from app.kit.later import Later

if TYPE_CHECKING:
    import zxcvbn
else:
    zxcvbn = Later("zxcvbn")  # eleven megabytes of words

SCHEME = "keyfob1"
SHORTEST, LONGEST = 12, 128
MOST_TYPED = 8 * LONGEST  # no eight characters become one by NFKC, and one may become eighteen

PRODUCT = "Keyfob"  # what everybody who signs in here can think of

_T = TypeVar("_T")
_JUDGED = 72  # zxcvbn refuses to judge more
_READ = 72  # PHP's bcrypt reads no further bytes
_LONG_PIECE = 4
_SAFE = 3  # of zxcvbn's 0 to 4: safe against offline guessing of a slow hash
_BCRYPT = re.compile(r"\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}")
_NOTHING = "." * 53  # the salt and digest of no password

POLITENESS = 5  # added to the niceness of the threads that hash


def _step_back() -> None:
    """Let the event loop go first where threads have a priority of their own."""
    if sys.platform == "linux":
        own = get_native_id()
        os.setpriority(os.PRIO_PROCESS, own, os.getpriority(os.PRIO_PROCESS, own) + POLITENESS)


# bcrypt lets go of the interpreter's lock: two threads use two cores and leave the loop its time.
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords", initializer=_step_back)


async def hash_password(password: str, keys: Sequence[str], cost: int) -> str:
    """Return what to store for a password, under the first key; takes a quarter of a second at cost 12."""
    return await _in_thread(partial(_hash, password, keys[0], cost))


async def verify(password: str, stored: str | None, keys: Sequence[str], cost: int) -> bool:
    """Tell whether it is the password that was stored.

    Nothing stored, or a key that is gone, costs the time of a check at `cost`, and is a no.
    """
    return await _in_thread(partial(_verify, password, stored, keys, cost))


def is_same(one: str, other: str) -> bool:
    """Tell whether two ways to type a password are one."""
    return normalize("NFKC", one) == normalize("NFKC", other)


def needs_rehash(stored: str, keys: Sequence[str], cost: int) -> bool:
    """Tell whether a hash is of another scheme, of an older key or cheaper than `cost`."""
    scheme, _, rest = stored.partition("$")
    key_id, _, hashed = rest.partition("$")
    found = _BCRYPT.fullmatch(hashed)
    current = scheme == SCHEME and key_id == secrets.key_id(keys[0])
    return not current or found is None or int(found[1]) < cost


async def weakness(password: str, context: Sequence[str]) -> str | None:
    """Say what is wrong with a new password, if anything; `context` is what others know: names, addresses."""
    typed = normalize("NFKC", password[:MOST_TYPED])
    if len(typed) < SHORTEST:
        return f"Use at least {SHORTEST} characters."
    if len(typed) > LONGEST:
        return f"Use at most {LONGEST} characters."
    known = list(_pieces((*context, PRODUCT)))
    if any(_contains(typed.casefold(), piece) for piece in known):
        return f"Leave your name, your address and {PRODUCT} out of it."
    # Not in a thread that steps back: it holds the interpreter's lock, for which the loop would wait.
    return await asyncio.to_thread(_guessable, typed, known)


def _guessable(typed: str, known: Sequence[str]) -> str | None:
    verdict = zxcvbn.zxcvbn(typed[:_JUDGED], user_inputs=known)  # type: ignore[no-untyped-call]
    if verdict["score"] >= _SAFE:
        return None
    return f"This is easy to guess. {verdict['feedback']['warning']}".strip()


def _pieces(context: Sequence[str]) -> Iterator[str]:
    for text in map(str.casefold, context):
        yield text
        yield from re.split(r"[@\s]+", text)


def _contains(typed: str, piece: str) -> bool:
    """Find a piece anywhere; a short one, as Ann, only as a word: annual is no name."""
    if len(piece) >= _LONG_PIECE:
        return piece in typed
    return len(piece) > 1 and re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", typed) is not None


def _hash(password: str, key: str, cost: int) -> str:
    hashed = bcrypt.hashpw(_prepared(password, key), bcrypt.gensalt(cost)).decode()
    return f"{SCHEME}${secrets.key_id(key)}${hashed}"


def _verify(password: str, stored: str | None, keys: Sequence[str], cost: int) -> bool:
    scheme, _, rest = (stored or "").partition("$")
    key_id, _, hashed = rest.partition("$")
    if scheme == "":
        return _is_of(password.encode()[:_READ], stored or _decoy(cost))
    key = next((key for key in keys if secrets.key_id(key) == key_id), None)
    if scheme != SCHEME or key is None:
        return _is_of(_prepared(password, ""), _decoy(cost))
    return _is_of(_prepared(password, key), hashed)


def _prepared(password: str, key: str) -> bytes:
    """Turn a password of any length into the 44 bytes that bcrypt reads."""
    message = f"{SCHEME} password\0{normalize('NFKC', password[:MOST_TYPED])}"
    return b64encode(digest(key.encode(), message.encode(), "sha256"))


def _is_of(prepared: bytes, hashed: str) -> bool:
    return _BCRYPT.fullmatch(hashed) is not None and bcrypt.checkpw(prepared, hashed.encode())


def _decoy(cost: int) -> str:
    return f"$2b${cost:02}${_NOTHING}"


async def _in_thread(work: Callable[[], _T]) -> _T:
    return await asyncio.get_running_loop().run_in_executor(_threads, work)
