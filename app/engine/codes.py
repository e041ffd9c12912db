"""The codes of errors that come from the document or the server, not from a rule."""

from collections.abc import Sequence
from enum import StrEnum

from graphql import GraphQLError, Node


class Code(StrEnum):
    """Why a request was not executed, or a field crashed: `errors[].extensions.code`."""

    BAD_REQUEST = "BAD_REQUEST"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    QUERY_TOO_DEEP = "QUERY_TOO_DEEP"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    ORIGIN_NOT_ALLOWED = "ORIGIN_NOT_ALLOWED"
    NOT_FOUND = "NOT_FOUND"
    LIMIT_REACHED = "LIMIT_REACHED"
    RATE_LIMITED = "RATE_LIMITED"
    TIMED_OUT = "TIMED_OUT"
    UNAVAILABLE = "UNAVAILABLE"
    INTERNAL = "INTERNAL"


class Invalid(Exception):
    """An operation that cannot be executed, with the errors to show; each has its code."""

    def __init__(self, *errors: GraphQLError) -> None:
        self.errors = errors
        super().__init__("; ".join(error.message for error in errors))


def refused(code: Code, message: str, nodes: Sequence[Node] = ()) -> GraphQLError:
    """Make an error that may be shown as it is."""
    return GraphQLError(message, nodes or None, extensions={"code": code})


def coded(error: GraphQLError, code: Code) -> GraphQLError:
    """Give an error of the graph's library a code, unless it has one."""
    error.extensions = {"code": code, **(error.extensions or {})}
    return error
