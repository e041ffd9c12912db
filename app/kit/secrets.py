"""Secrets that travel in links and headers; only their digests are stored."""

from hashlib import sha256
from secrets import token_urlsafe


def mint() -> str:
    """Make a new secret of 256 bits, fit for a URL."""
    return token_urlsafe(32)


def digest(secret: str) -> str:
    """Return what to store in place of a secret."""
    return sha256(secret.encode()).hexdigest()


def key_id(key: str) -> str:
    """Name a key of the settings without telling it: hashes and ciphers carry the name of theirs."""
    return sha256(b"keyfob key id\0" + key.encode()).hexdigest()[:8]
