"""People, as others see them."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Self

import strawberry

import models
from app.database.prepared import Prepared
from app.database.statements import Row
from app.domain import access, faces
from app.domain.access import AccessLevel, Rule
from app.domain.viewers import Viewer
from app.kit import names
from models import OperatorRole
from models.key import retold
from models.user import full_name
from resolvers.context import Context
from resolvers.declare import guarded, interface, node, told, value

ACQUAINTED = Rule(AccessLevel.MEMBER, staff=OperatorRole.AGENT, own=True)


@interface
class Node:
    """An object with an id of its own: opaque, told apart by prefix, sortable by time.

    usr_… acc_… mem_… inv_… tkt_… msg_… An id names one object of one type.
    """

    id: strawberry.ID


@interface
class Actor:
    """Anyone or anything that can act: shown the same way in tickets, invites and the log."""

    id: strawberry.ID
    display_name: str


@node(ACQUAINTED)
class User(Node, Actor):
    """The face that others see: nothing private lives here.

    By id only for who shares an account or a ticket with them.
    """

    id: strawberry.ID
    display_name: str
    is_viewer: bool
    created_at: datetime  # read if it is asked for

    @told
    def initials(self) -> str:
        """One or two letters to draw in place of a picture; never empty."""
        return names.initials(self.display_name)

    @classmethod
    def of(cls, row: Row, path: str, viewer: Viewer | None) -> "User":
        """Show the user whose columns stand under a path."""
        key, first, last, since = _columns(path)
        is_viewer = viewer is not None and viewer.user.id == row[key]
        return _face(row[key], row[first], row[last], row.get(since), is_viewer)

    @classmethod
    def maybe(cls, row: Row, path: str, viewer: Viewer | None) -> "User | None":
        """The same, where there may be none."""
        return cls.of(row, path, viewer) if row[f"{path}.id"] else None

    @classmethod
    def me(cls, viewer: Viewer) -> Self:
        """Show the viewer's own face."""
        user = viewer.user
        return cls(
            id=strawberry.ID(user.id),
            display_name=user.display_name,
            is_viewer=True,
            created_at=user.created_at,
        )


@lru_cache(maxsize=64)
def _columns(path: str) -> list[str]:
    """Name the columns of a user under a path."""
    return [f"{path}.{column}" for column in faces.USER]


@lru_cache(maxsize=4_096)
def _face(*facts: Any) -> User:  # noqa: ANN401  # what is read of a user, in order
    """Show a user; whoever is seen often is made once."""
    id, first, last, since, is_viewer = facts
    name = full_name(first, last)
    return User(id=id, display_name=name, is_viewer=is_viewer, created_at=since)


@node(ACQUAINTED)
class Operator(Node, Actor):
    """Support staff."""

    id: strawberry.ID
    display_name: str
    viewer: strawberry.Private[Viewer | None]
    role: OperatorRole | None = guarded(access.STAFF, "Rank in the staff area; for staff.")
    user: User | None = guarded(access.STAFF, "Who they are when not at work; for staff.")

    def admit(self, rule: Rule) -> None:
        """Refuse unless the rule is met by who looks."""
        rule.admit(self.viewer)

    @classmethod
    def of(cls, row: Row, path: str, viewer: Viewer | None) -> Self:
        """Show the operator whose columns stand under a path."""
        face = {f"face.{column}": row.get(f"{path}.user__{column}") for column in faces.USER}
        user = User.of(face, "face", viewer)
        return cls(
            id=row[f"{path}.id"],
            display_name=user.display_name,
            viewer=viewer,
            role=row.get(f"{path}.role"),
            user=user,
        )

    @classmethod
    def maybe(cls, row: Row, path: str, viewer: Viewer | None) -> Self | None:
        """The same, where there may be none."""
        return cls.of(row, path, viewer) if row[f"{path}.id"] else None

    @classmethod
    def me(cls, viewer: Viewer) -> Self | None:
        """Show the viewer as the member of the staff that they are, if they are one."""
        held = viewer.operator
        if held is None:
            return None
        return cls(
            id=strawberry.ID(held.id),
            display_name=viewer.name,
            viewer=viewer,
            role=held.role,
            user=User.me(viewer),
        )


@value
class Guest(Actor):
    """Somebody without a user."""

    id: strawberry.ID
    display_name: str

    @classmethod
    def of(cls, key: str, name: str) -> Self:
        """Show a guest; the id is that of what they wrote or did, under a prefix of its own."""
        return cls(id=strawberry.ID(retold(key, "gst")), display_name=name)


@value
class System(Actor):
    """Keyfob itself."""

    id: strawberry.ID
    display_name: str


SYSTEM = System(id=strawberry.ID("sys_keyfob"), display_name="Keyfob")


USERS = {f"user.{column}": column for column in faces.USER}
OPERATORS = {f"operator.{column}": column for column in faces.OPERATOR}


async def user_of(context: Context, id: str) -> User | None:
    """Show a user by key, read together with all others that are asked for now."""
    row = await context.loader("users", _users).load(id)
    return User.of(row, "user", context.found) if row else None


async def operator_of(context: Context, id: str) -> Operator | None:
    """The same for an operator."""
    row = await context.loader("operators", _operators).load(id)
    return Operator.of(row, "operator", context.found) if row else None


ONE_USER = Prepared(lambda key: models.User.filter(id=key).values(**USERS), key=(models.User, "id"))


async def _users(ids: list[str]) -> Sequence[Row | None]:
    found: Sequence[Row]
    if len(ids) == 1:
        found = await ONE_USER.rows(key=ids[0])
    else:
        found = await models.User.filter(id__in=ids).values(**USERS)
    rows = {row["user.id"]: row for row in found}
    return [rows.get(id) for id in ids]


async def _operators(ids: list[str]) -> Sequence[Row | None]:
    found = await models.Operator.filter(id__in=ids).values(**OPERATORS)
    rows = {row["operator.id"]: row for row in found}
    return [rows.get(id) for id in ids]
