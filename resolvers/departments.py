"""Where a ticket can be opened."""

from typing import Self

import strawberry

import models
from app.database import statements
from app.database.statements import Row
from app.domain import access
from resolvers.declare import attribute, node, value
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

    @classmethod
    def of(cls, row: models.Department) -> Self:
        """Show a department."""
        return cls(
            id=strawberry.ID(row.id),
            name=row.name,
            description=row.description,
            email=EmailAddress(row.email) if row.email else None,
            open_to_guests=row.open_to_guests,
        )

    @classmethod
    def under(cls, row: Row, path: str) -> Self:
        """Show the department whose columns stand under a path."""
        return cls.of(statements.found(models.Department, path, row))


@value
class DepartmentQueries:
    """Questions about departments."""

    @query(access.PUBLIC)
    async def departments(self) -> list[Department]:
        """Where a ticket can be opened."""
        return [Department.of(row) for row in await models.Department.all().order_by("name")]
