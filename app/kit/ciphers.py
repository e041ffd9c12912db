"""Secrets that have to be read again: kept under a key of the settings (Fernet: AES-128-CBC with HMAC-SHA-256)."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from app.kit import secrets
from app.kit.later import Later

if TYPE_CHECKING:
    from cryptography import fernet
else:
    fernet = Later("cryptography.fernet")


def encrypt(plain: str, keys: Sequence[str]) -> str:
    """Hide a text under the first key; what is stored names its key."""
    first = keys[0]
    return f"{secrets.key_id(first)}${_fernet(first).encrypt(plain.encode()).decode()}"


def decrypt(stored: str, keys: Sequence[str]) -> str:
    """Read a text that was hidden under any of the keys; LookupError if its key is no longer among them."""
    name, _, token = stored.partition("$")
    by_name = {secrets.key_id(key): key for key in keys}
    return _fernet(by_name[name]).decrypt(token.encode()).decode()


def _fernet(key: str) -> "fernet.Fernet":
    derived = blake2b(key.encode(), digest_size=32, person=b"keyfob ciphers").digest()
    return fernet.Fernet(urlsafe_b64encode(derived))
