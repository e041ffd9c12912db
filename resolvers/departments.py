"""Where a ticket can be opened."""

from collections.abc import Sequence
from typing import Self

import strawberry

import models
from app.database import statements
from app.database.statements import Row
from app.domain import access, ticket_lists
from app.domain.access import Rule
from app.domain.viewers import Viewer
from resolvers.context import Info
from resolvers.declare import attribute, fetched, node, value
from resolvers.operations import query
from resolvers.people import Node
from resolvers.scalars import EmailAddress


@node(access.PUBLIC)
class Department(Node):
    """A part of the support staff that takes tickets."""

    id: strawberry.ID
    name: str
    description: str
    email: EmailAddress | None
    open_to_guests: bool = attribute(description="Guests may open tickets here.")
    viewer: strawberry.Private[Viewer | None]

    @fetched(access.STAFF, optional=True)
    async def open_ticket_count(self, info: Info) -> int | None:
        """Tickets that are not closed; for staff."""
        return await info.context.loader("open tickets of departments", open_tickets).load(self.id)

    def admit(self, rule: Rule) -> None:
        """Refuse unless the rule is met by who looks."""
        rule.admit(self.viewer)

    @classmethod
    def of(cls, row: models.Department, viewer: Viewer | None) -> Self:
        """Show a department."""
        return cls(
            id=strawberry.ID(row.id),
            name=row.name,
            description=row.description,
            email=EmailAddress(row.email) if row.email else None,
            open_to_guests=row.open_to_guests,
            viewer=viewer,
        )

    @classmethod
    def under(cls, row: Row, path: str, viewer: Viewer) -> Self:
        """Show the department whose columns stand under a path."""
        return cls.of(statements.found(models.Department, path, row), viewer)


async def open_tickets(departments: list[str]) -> Sequence[int]:
    """Count the tickets of departments that are not closed, in one statement."""
    counts = await ticket_lists.count_open("department_id", departments)
    return [counts.get(department, 0) for department in departments]


@value
class DepartmentQueries:
    """Questions about departments."""

    @query(access.PUBLIC)
    async def departments(self, info: Info) -> list[Department]:
        """Where a ticket can be opened."""
        rows = await models.Department.all().order_by("name")
        return [Department.of(row, info.context.found) for row in rows]
