"""The roots of the graph, and the graph itself."""

import strawberry

from tests.engine import cast
from tests.engine.graph import Account, Anything, Message, Node, Operator, Ticket, User


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field
    async def ticket(self, n: int = 1, odd: bool = False) -> Ticket | None:  # noqa: FBT001, FBT002
        """One, or none."""
        return cast.ticket(n, odd=odd) if n else None

    @strawberry.field
    async def tickets(self, odd: bool = False) -> list[Ticket]:  # noqa: FBT001, FBT002
        """Three."""
        return [cast.ticket(n, odd=odd) for n in range(1, 4)]

    @strawberry.field
    def messages(self, odd: bool = False) -> list[Message]:  # noqa: FBT001, FBT002
        """Eight, none of which may be null."""
        return [cast.message(n, odd=odd) for n in range(8)]

    @strawberry.field
    def maybe_messages(self, odd: bool = False) -> list[Message | None] | None:  # noqa: FBT001, FBT002
        """Eight, one of which is null."""
        return [cast.message(n, odd=odd) if n != 2 else None for n in range(8)]

    @strawberry.field
    async def account(self, n: int = 1) -> Account | None:
        """One with two parents."""
        return cast.account(n)

    @strawberry.field
    def nodes(self) -> list[Node | None]:
        """Of every kind."""
        return cast.nodes()

    @strawberry.field
    def anything(self, bad: bool = False) -> list[Anything | None]:  # noqa: FBT001, FBT002
        """A union, and perhaps what is not in it."""
        last = cast.stranger() if bad else None
        return [cast.user(1), cast.operator(3), cast.account(2), last]

    @strawberry.field
    def impostors(self) -> list[User | None]:
        """Users, and what only looks like them."""
        staff: list[User | None] = [cast.user(1), cast.operator(2), cast.stranger()]  # type: ignore[list-item]
        return staff

    @strawberry.field
    def chain(self, length: int = 250) -> Account | None:
        """One with many parents."""
        return cast.account(1, length)


SCHEMA = strawberry.Schema(Query, types=[User, Operator, Account, Message])
