"""Leaves of the graph beyond GraphQL's own."""

from datetime import UTC, datetime
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

from app.domain.refusals import ErrorCode

EmailAddress = NewType("EmailAddress", str)
HTML = NewType("HTML", str)
IPAddress = NewType("IPAddress", str)
Json = NewType("Json", object)
TWO = [f"{number:02}" for number in range(100)]
THREE = [f"{number:03}" for number in range(1000)]


def write_moment(at: datetime) -> str:
    """Print an instant in UTC, to the millisecond: `2026-11-25T09:30:00.000Z`."""
    if at.tzinfo is not UTC:
        at = at.astimezone(UTC)
    day = f"{at.year:04}-{TWO[at.month]}-{TWO[at.day]}"
    time = f"{TWO[at.hour]}:{TWO[at.minute]}:{TWO[at.second]}.{THREE[at.microsecond // 1000]}"
    return f"{day}T{time}Z"


def read_moment(typed: object) -> datetime:
    """Read an instant with its offset (RFC 3339)."""
    try:
        at = datetime.fromisoformat(typed) if isinstance(typed, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise GraphQLError(
            "Write an instant with its offset, as 2026-11-25T09:30:00Z.",
            extensions={"code": ErrorCode.INVALID_INPUT},
        )
    return at


SCALARS: dict[object, ScalarDefinition] = {
    datetime: strawberry.scalar(
        name="DateTime",
        description="An instant in UTC (RFC 3339), to the millisecond; taken with any offset.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
        serialize=write_moment,
        parse_value=read_moment,
    ),
    EmailAddress: strawberry.scalar(
        name="EmailAddress", description="An e-mail address, as it was typed.", serialize=str
    ),
    HTML: strawberry.scalar(
        name="HTML", description="Sanitised HTML, safe to put into a page.", serialize=str
    ),
    IPAddress: strawberry.scalar(
        name="IPAddress", description="An IPv4 or IPv6 address.", serialize=str
    ),
    Json: strawberry.scalar(
        name="JSON", description="Any JSON value.", serialize=lambda value: value
    ),
}
