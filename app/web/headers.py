"""What a request says in its header, without making an object of it that is thrown away."""

from starlette.requests import HTTPConnection


def header(connection: HTTPConnection, name: bytes) -> str | None:
    """Return the first header of a name, which is in lower case; None if there is none."""
    for key, value in connection.scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return None
