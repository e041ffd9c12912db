"""What a client is shown of an error."""

import logging
from collections.abc import Mapping, Sequence
from typing import NotRequired, Protocol, TypedDict, runtime_checkable

from graphql import ExecutionResult, GraphQLError, ValueNode
from graphql.language.location import FormattedSourceLocation
from strawberry.exceptions import StrawberryInputCoercionError

from app.engine.codes import Code

HIDDEN = "Something went wrong. Quote the request id to whoever runs this server."

log = logging.getLogger("keyfob.faults")


@runtime_checkable
class Coded(Protocol):
    """An expected no; `details`, if it has them, are shown beside the code."""

    code: str
    message: str


class Shown(TypedDict):
    """An error as clients get it; `extensions` always has a `code`."""

    message: str
    locations: NotRequired[list[FormattedSourceLocation]]
    path: NotRequired[list[str | int]]
    extensions: Mapping[str, object]


def shown(error: GraphQLError, request_id: str) -> Shown:
    """Lay an error out for a client: a fault is logged, and hidden behind the request's id."""
    original = error.original_error
    if error.extensions and "code" in error.extensions:
        return _laid_out(error, error.message, error.extensions)
    if isinstance(original, Coded):
        if original.code == Code.UNAVAILABLE:
            log.warning("request %s could not be served: %s", request_id, original)
        return _laid_out(error, original.message, {"code": original.code, **_details(original)})
    if _is_about_the_request(original):
        return _laid_out(error, error.message, {"code": Code.BAD_REQUEST})
    note_fault(original or error, request_id)
    return _laid_out(error, HIDDEN, {"code": Code.INTERNAL, "requestId": request_id})


def shown_exception(exception: Exception, request_id: str) -> Shown:
    """Lay out what was raised outside any field."""
    if isinstance(exception, GraphQLError):
        return shown(exception, request_id)
    return shown(GraphQLError(str(exception), original_error=exception), request_id)


def is_unavailable(result: ExecutionResult) -> bool:
    """Whether nothing came of an operation because what it needed was not there."""
    return any(
        getattr(error.original_error, "code", None) == Code.UNAVAILABLE for error in _fatal(result)
    )


def may_be_repeated(result: ExecutionResult) -> bool:
    """Whether nothing came of an operation, and the cause is known to be gone: `may_repeat` of an error says so."""
    return any(getattr(error.original_error, "may_repeat", False) for error in _fatal(result))


def note_fault(fault: BaseException, request_id: str) -> None:
    """Log what nobody expected, so that it can be found by the id that the client was shown."""
    log.error("request %s failed", request_id, exc_info=fault, extra={"request_id": request_id})


def _fatal(result: ExecutionResult) -> Sequence[GraphQLError]:
    """Name the errors for which nothing came of an operation; none, if something did."""
    if not result.errors or any(value is not None for value in (result.data or {}).values()):
        return ()
    return result.errors


def _details(no: Coded) -> Mapping[str, object]:
    details: Mapping[str, object] | None = getattr(no, "details", None)
    return details or {}


def _is_about_the_request(original: Exception | None) -> bool:
    # graphql-core points at the value where it could not read an argument; what it says of our own
    # data (a leaf that is no Int, a type that cannot be resolved) points at no value.
    if isinstance(original, StrawberryInputCoercionError):
        return True
    nodes = (isinstance(original, GraphQLError) and original.nodes) or ()
    return any(isinstance(node, ValueNode) for node in nodes)


def _laid_out(error: GraphQLError, message: str, extensions: Mapping[str, object]) -> Shown:
    out = Shown(message=message, extensions=extensions)
    if error.locations:
        out["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        out["path"] = error.path
    return out
