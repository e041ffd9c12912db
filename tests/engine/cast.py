"""Objects of the graph; `odd` ones hold what cannot be shown, here and there."""

from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from types import SimpleNamespace
from typing import Any, cast

import strawberry

from tests.engine.graph import (
    Account,
    Actor,
    Anything,
    Badge,
    Message,
    Node,
    Operator,
    Priority,
    Relationship,
    Ticket,
    User,
)

TOO_LARGE = 2**31
VOICES = ((), (Relationship.OWNER,), (Relationship.OPERATOR, Relationship.OWNER))
EAST = timezone(timedelta(hours=2))


def user(n: int) -> User:
    """Make a person."""
    return User(
        id=strawberry.ID(str(n)),
        display_name=f"U{n} ünï",
        initials=None if n % 3 == 0 else "AB",
        denied=("secret",) if n % 4 == 1 else (),
    )


def operator(n: int) -> Operator:
    """Make a member of the staff."""
    return Operator(id=strawberry.ID(str(n)), display_name=f"O{n}")


@lru_cache(maxsize=8)
def actor(n: int) -> Actor:
    """Make either, once: a few people say most of a page."""
    return user(n) if n % 3 else operator(n)


def message(n: int, *, odd: bool = False) -> Message:
    """Make a message."""
    zone = UTC if n % 2 else EAST
    secret = ("secret",) if n % 4 == 3 else ()
    return Message(
        id=strawberry.ID(str(n)),
        body=f"body {n}",
        author=actor(n % 6),
        badge=Badge(
            relationship=Relationship.OWNER,
            label="l",
            current=None if n % 2 else Relationship.OPERATOR,
        ),
        created_at=datetime(2026, 1, 1, tzinfo=zone) + timedelta(microseconds=n),
        denied=("member",) if odd and n % 5 == 4 else secret,
        score=TOO_LARGE if odd and n % 7 == 6 else n,
        weight=float("nan") if odd and n % 7 == 5 else n / 3,
        tags=[None, "t"] if n % 2 else None,
        moods=[Priority.LOW, None] if n % 3 else (None, Priority.HIGH, Priority.LOW),
        voices=cast("tuple[Relationship]", ("NOBODY",)) if odd and n % 8 == 7 else VOICES[n % 3],
        broken=odd and n % 6 == 5,
    )


def account(n: int, depth: int = 2) -> Account:
    """Make an account with its parents; some have lost their names."""
    return Account(
        id=strawberry.ID(str(n)),
        name=cast("str", None if n % 6 == 5 else f"A{n}"),
        owner=user(n),
        denied=("member",) if n % 3 == 2 else (),
        parent=account(n + 1, depth - 1) if depth else None,
        members=[user(1), None, user(2)],
    )


def ticket(n: int, *, odd: bool = False) -> Ticket:
    """Make a ticket with nine messages."""
    history: list[Anything] = [user(n), operator(9), account(n)]
    return Ticket(
        id=strawberry.ID(str(n)),
        subject=f"S{n}",
        account=account(n) if n % 4 else None,
        opener=actor(n),
        history=history,
        held=[message(i, odd=odd) for i in range(9)],
    )


def stranger() -> Any:  # noqa: ANN401  # that is what it is
    """Make what is of no type of the graph."""
    return SimpleNamespace(id="3", display_name="N", denied=())


def nodes() -> list[Node | None]:
    """Make some of every kind."""
    return [user(1), None, account(1), message(1)]
