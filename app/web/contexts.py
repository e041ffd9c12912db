"""What the endpoint asks of the context that resolvers get."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from starlette.requests import HTTPConnection
from starlette.types import Scope
from uuid_utils import uuid7

from app.engine.executing import Operation
from app.web.headers import header
from app.web.refusing import bad_request

ACCOUNT_HEADER = b"x-account-id"
LONGEST_ID = 128
STREAMED = "is_streamed"


class Context(Protocol):
    """Made for one operation, over HTTP and on a socket alike."""

    @property
    def response_headers(self) -> Sequence[tuple[str, str]]:
        """Cookies and the like, for the HTTP answer."""
        ...

    @property
    def account_context(self) -> Mapping[str, object] | None:
        """The account that was used (`accountId`, and why), or None if none was asked for."""
        ...

    async def prepare(self, *, recalls: bool = False) -> None:
        """Find the viewer before anything is executed; what `recalls` asks `holds` before it counts."""

    async def holds(self) -> bool:
        """Whether what was recalled is so still: else the answer is of somebody who was."""
        ...


ContextOf: TypeAlias = Callable[[HTTPConnection, str | None], Context]


def request_id(scope: Scope) -> str:
    """Return the id by which a request is found in the log: `request.state.request_id`."""
    state: dict[str, Any] = scope.setdefault("state", {})
    told: str | None = state.get("request_id")
    if told is None:
        told = state["request_id"] = str(uuid7())
    return told


def renewed(scope: Scope) -> HTTPConnection:
    """Make a connection of its own for one operation of a socket, to get an id of its own."""
    state = {**scope.get("state", {}), "request_id": None, STREAMED: True}
    return HTTPConnection({**scope, "state": state})


def streamed(connection: HTTPConnection) -> HTTPConnection:
    """Note that the headers of the answer are sent before there is an answer."""
    connection.scope.setdefault("state", {})[STREAMED] = True
    return connection


def can_set_cookies(connection: HTTPConnection) -> bool:
    """Tell whether `response_headers` reach the client: not on a socket, nor in a stream."""
    return STREAMED not in connection.scope.get("state", {})


def account_id(connection: HTTPConnection, operation: Operation) -> str | None:
    """Return the account that a request names, the operation before the header; raises Refused."""
    named = operation.extensions.get("accountId")
    if named is None:
        named = header(connection, ACCOUNT_HEADER)
    if named is None:
        return None
    if not isinstance(named, str) or not is_plain(named):
        raise bad_request("The accountId must be an account's id, or be left out.")
    return named


def is_plain(text: str) -> bool:
    """Tell whether a text can be an id, or travel in a header."""
    return 0 < len(text) <= LONGEST_ID and text.isascii() and text.isprintable()
