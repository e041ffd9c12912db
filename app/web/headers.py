"""What a request says in its header, looked through once."""

from typing import Final

from starlette.requests import HTTPConnection

KNOWN: Final = "keyfob.headers"


def header(connection: HTTPConnection, name: bytes) -> str | None:
    """Return the first header of a name, which is in lower case; None if there is none."""
    scope = connection.scope
    headers, known = scope["headers"], scope.get(KNOWN)
    if known is None or known[0] is not headers:
        known = scope[KNOWN] = headers, dict(reversed(headers))
    found = known[1].get(name)
    return None if found is None else str(found, "latin-1")
