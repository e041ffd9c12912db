"""Whose pages may ask, and change things with a user's cookie."""

from collections.abc import Iterable, Sequence

from starlette.requests import HTTPConnection
from starlette.responses import Response
from strawberry.http.websocket_origin import (
    is_same_origin,
    normalize_allowed_origins,
    normalize_origin,
)

from app.engine.codes import Code
from app.web.headers import header
from app.web.refusing import Refused

METHODS = "GET, POST"
HEADERS = "Accept, Authorization, Content-Type, X-Account-Id"
EXPOSED = b"Retry-After, X-Account-Id, X-Request-Id"
VARIES = (b"vary", b"Accept, Authorization, Cookie, X-Account-Id, Origin")


class Origins:
    """The server's own origin, and those that the settings list."""

    def __init__(self, allowed: Iterable[str]) -> None:
        self.allowed = normalize_allowed_origins(allowed)

    def is_allowed(self, connection: HTTPConnection) -> bool:
        """Tell whether a request may use a cookie; only browsers must say where they are."""
        origin = header(connection, b"origin")
        if origin is None:
            scheme, _, secret = (header(connection, b"authorization") or "").partition(" ")
            bears = scheme.lower() == "bearer" and secret.strip() != ""
            return bears or header(connection, b"cookie") is None
        return self._is_listed(origin) or is_same_origin(origin, header(connection, b"host"))

    def refuse_foreign(self, connection: HTTPConnection) -> None:
        """Raise Refused for a page that could be acting behind its visitor's back."""
        if not self.is_allowed(connection):
            told = "Pages of this origin may not do that here."
            raise Refused(403, Code.ORIGIN_NOT_ALLOWED, told)

    def preflight(self, connection: HTTPConnection) -> Response:
        """Answer a browser that asks before it asks."""
        if header(connection, b"access-control-request-method") is None:
            return Response(status_code=204, headers={"Allow": METHODS})
        self.refuse_foreign(connection)
        headers = {
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": HEADERS,
            "Access-Control-Max-Age": "600",
        }
        return Response(status_code=204, headers=headers)

    def headers(self, connection: HTTPConnection) -> Sequence[tuple[bytes, bytes]]:
        """Let the pages of listed origins read the answer, and caches tell answers apart."""
        origin = header(connection, b"origin")
        if origin is None or not self._is_listed(origin):
            return (VARIES,)
        return (
            VARIES,
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", EXPOSED),
        )

    def _is_listed(self, origin: str) -> bool:
        return normalize_origin(origin) in self.allowed
