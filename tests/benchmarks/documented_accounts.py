"""The usual account, with a loader for everything about it."""

from typing import Self

import strawberry

import models
from models import Permission
from models.permission import effective, in_order
from tests.benchmarks.documented_people import Info, User


@strawberry.type
class Membership:
    """The viewer's place."""

    id: strawberry.ID
    is_owner: bool


@strawberry.type
class Account:
    """An account."""

    row: strawberry.Private[models.Account]
    id: strawberry.ID
    name: str
    status: models.AccountStatus

    @strawberry.field
    async def open_ticket_count(self, info: Info) -> int | None:
        """For who may see tickets."""
        may = Permission.TICKETS in await self.permitted(info)
        return await info.context.open_tickets.load(self.row.id) if may else None

    @strawberry.field
    async def owner(self, info: Info) -> User | None:
        """Whose it is."""
        user = await info.context.users.load(self.row.owner_id)
        return User(id=strawberry.ID(user.id), display_name=user.display_name) if user else None

    @strawberry.field
    async def viewer_permissions(self, info: Info) -> list[Permission]:
        """What the viewer may do in it."""
        return list(in_order(await self.permitted(info)))

    @strawberry.field
    async def viewer_membership(self, info: Info) -> Membership | None:
        """The viewer's place in it."""
        held = await info.context.held(self.row.id)
        if held is None:
            return None
        owns = self.row.owner_id == held.user_id
        return Membership(id=strawberry.ID(held.id), is_owner=owns)

    async def permitted(self, info: Info) -> models.Permissions:
        """Find out what the viewer may do here."""
        held = await info.context.held(self.row.id)
        if held is None or self.row.status == "CLOSED":
            return frozenset()
        owns = self.row.owner_id == held.user_id
        all_of_it = models.EVERYTHING if owns else effective(held.granted)
        return all_of_it & {Permission.TICKETS} if self.row.status == "SUSPENDED" else all_of_it

    @classmethod
    def of(cls, row: models.Account) -> Self:
        """Show an account."""
        return cls(row=row, id=strawberry.ID(row.id), name=row.name, status=row.status)
