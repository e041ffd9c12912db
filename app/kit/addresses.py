"""E-mail addresses: shown as typed, compared in one normal form, never confused with a similar one."""

from string import ascii_lowercase, ascii_uppercase
from unicodedata import normalize

import idna
from email_validator import EmailNotValidError, validate_email

from app.kit import characters, graphemes
from app.kit.frozen import frozen

LONGEST = 254  # bytes, RFC 5321 section 4.5.3.1.3

_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


class InvalidAddress(ValueError):
    """Not an address that mail could go to; the message says why."""


@frozen
class Address:
    """An address as it was typed, and the form in which two spellings of one mailbox are equal."""

    shown: str
    key: str


def normalise(text: str) -> Address:
    """Read an address; tags and dots are kept, and no case rule but ASCII's applies.

    The key is the local part in NFC and ASCII lower case, and the domain as lower-case A-labels
    without a trailing dot. Raises InvalidAddress, also where Unicode's mappings would make
    another mailbox of what was typed: full-width letters in a domain, the Kelvin sign.
    """
    shown = text.strip(" ")
    if len(shown.encode(errors="replace")) > LONGEST:
        msg = f"The e-mail address is longer than {LONGEST} bytes."
        raise InvalidAddress(msg)
    local, _, domain = shown.rpartition("@")
    key = f"{_composed(local).translate(_LOWER)}@{_ascii(domain)}"
    try:
        validate_email(key, check_deliverability=False, test_environment=True)
    except EmailNotValidError as no:
        raise InvalidAddress(str(no)) from no
    if len(key.encode()) > LONGEST or "." not in key.rpartition("@")[2]:
        msg = "The part after the @ is no domain that mail could go to."
        raise InvalidAddress(msg)
    return Address(shown, key)


def deliverable(address: str) -> str:
    """Return an address as SMTP takes it: local part as typed, domain as A-labels; raises InvalidAddress."""
    local, _, domain = address.rpartition("@")
    if not local:
        msg = "There is nothing before the @."
        raise InvalidAddress(msg)
    return f"{local}@{_ascii(domain)}"


def mask(address: str) -> str:
    """Hide most of an address, valid or not: `b•••@x.example`."""
    local, at, domain = characters.one_line(address).rpartition("@")
    return f"{graphemes.first(local)}•••{at}{domain if at else ''}"


def _ascii(domain: str) -> str:
    """Write a domain in lower-case A-labels (IDNA 2008, without the mappings of UTS 46)."""
    try:
        lower = _composed(domain).translate(_LOWER).removesuffix(".")
        return idna.encode(lower, strict=True).decode()
    except idna.IDNAError as no:
        msg = "The part after the @ is no domain that mail could go to."
        raise InvalidAddress(msg) from no


def _composed(text: str) -> str:
    """Bring into NFC, unless that makes an ASCII character of another one (K, the Kelvin sign)."""
    for char in text:
        if not char.isascii() and normalize("NFC", char).isascii():
            msg = f"The e-mail address contains U+{ord(char):04X}, which only looks like another character."
            raise InvalidAddress(msg)
    return normalize("NFC", text)
