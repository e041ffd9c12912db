"""Requests that ask for another protocol (RFC 9110, section 7.8): a WebSocket, or what we do not speak."""

from collections.abc import Sequence
from typing import Final, TypeAlias

from websockets.datastructures import Headers
from websockets.exceptions import InvalidHandshake
from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.http11 import Request
from websockets.server import ServerProtocol

Lines: TypeAlias = Sequence[tuple[bytes, bytes]]

UPGRADES: Final = frozenset({b"upgrade", b"connection", b"http2-settings"})
MOST_LINES: Final = 128  # the library that speaks WebSocket falls over more, and over longer ones
LONGEST_LINE: Final = 8000


def can_be_socket(target: bytes, headers: Lines) -> bool:
    """Whether a request opens a WebSocket as RFC 6455, section 4.2.1 has it: the library that speaks it says so."""
    longest = max(len(name) + len(value) for name, value in headers)
    if len(headers) >= MOST_LINES or longest >= LONGEST_LINE:
        return False
    lines = Headers((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)
    handshake = ServerProtocol(extensions=[ServerPerMessageDeflateFactory()])
    try:
        handshake.process_request(Request(target.decode("latin-1"), lines))
    except InvalidHandshake:
        return False
    return True


def without_upgrade(method: bytes, url: bytes, headers: Lines) -> bytes:
    """Write the head of a request as if it had not asked; HTTP clients do so to learn whether we speak HTTP/2."""
    tokens = b",".join(value.lower() for name, value in headers if name == b"connection")
    is_last = b"close" in [token.strip() for token in tokens.split(b",")]
    kept = [header for header in headers if header[0] not in UPGRADES]
    kept += [(b"connection", b"close")] if is_last else []
    lines = b"".join(b"%b: %b\r\n" % header for header in kept)
    return b"%b %b HTTP/1.1\r\n%b\r\n" % (method, url, lines)
