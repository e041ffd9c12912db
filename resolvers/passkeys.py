"""Passkeys, as their user sees them."""

from datetime import datetime
from typing import Self

import strawberry

import models
from app.domain import own_passkeys, passkeys
from app.domain.access import AccessLevel, Rule
from resolvers.context import Info
from resolvers.declare import node
from resolvers.people import Node


@node(Rule(AccessLevel.SESSION, own=True))
class Passkey(Node):
    """A key that a device or a browser keeps for the viewer, to sign in with (WebAuthn)."""

    id: strawberry.ID
    name: str
    created_at: datetime
    last_used_at: datetime | None

    @classmethod
    def of(cls, row: models.Passkey) -> Self:
        """Show a passkey to its user."""
        return cls(
            id=strawberry.ID(row.id),
            name=row.name,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
        )


async def of_viewer(info: Info) -> list[Passkey]:
    """The viewer's own, the oldest first."""
    return [Passkey.of(row) for row in await passkeys.of_user(info.context.viewer.user.id)]


async def find(info: Info, id: str) -> Passkey | None:
    """One of the viewer's own."""
    row = await own_passkeys.find(info.context.viewer, id)
    return Passkey.of(row) if row else None
