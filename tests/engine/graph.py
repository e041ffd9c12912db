"""A graph with everything that compiled code has to get right: guards, interfaces, unions, generics, fetched fields."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from enum import Enum, StrEnum
from typing import Annotated, Generic, TypeVar

import strawberry

from tests.engine.guards import MEMBER, SECRET, Loud

T = TypeVar("T")


@strawberry.enum
class Relationship(StrEnum):
    """Who someone is to an account."""

    OWNER = "OWNER"
    OPERATOR = "OPERATOR"


@strawberry.enum
class Priority(Enum):
    """How much it hurries; the names are not the values."""

    LOW = 1
    HIGH = 2


@strawberry.interface
class Node:
    """What has an id."""

    id: strawberry.ID


@strawberry.interface
class Actor:
    """Who can act."""

    id: strawberry.ID
    display_name: str


@strawberry.type
class User(Node, Actor):
    """A person; some fields are guarded."""

    id: strawberry.ID
    display_name: str
    initials: str | None = "AB"
    denied: strawberry.Private[tuple[str, ...]] = ()
    email: str | None = strawberry.field(default="a@x", extensions=[SECRET])
    phone: str = strawberry.field(default="1", extensions=[SECRET])


@strawberry.type
class Operator(Node, Actor):
    """Staff, with a pure method."""

    id: strawberry.ID
    display_name: str
    role: Priority = Priority.HIGH
    motto: str = strawberry.field(default="we help", extensions=[Loud()])

    @strawberry.field
    def shout(self, times: int = 1, mark: str | None = "!") -> str:
        """Call a name so many times."""
        return self.display_name * times + (mark or "")


@strawberry.type
class Badge:
    """What somebody is."""

    relationship: Relationship
    label: str
    verified: bool = True
    current: Relationship | None = None


@strawberry.type
class Message(Node):
    """What was said; `risky` and `later` fail where it is broken."""

    id: strawberry.ID
    author: Actor
    badge: Badge
    created_at: datetime
    denied: strawberry.Private[tuple[str, ...]] = ()
    body: str = strawberry.field(extensions=[MEMBER])
    note: str | None = strawberry.field(default=None, extensions=[MEMBER, SECRET])
    score: int | None = 1
    weight: float | None = 1.5
    tags: list[str | None] | None = None
    moods: Sequence[Priority | None] | None = None
    voices: Sequence[Relationship] = ()
    broken: strawberry.Private[bool] = False

    @strawberry.field
    def risky(self) -> str | None:
        """Fail for some."""
        if self.broken:
            raise ValueError(f"broken {self.id}")
        return "fine"

    @strawberry.field(extensions=[MEMBER])  # type: ignore[untyped-decorator]
    async def later(self) -> str | None:
        """Answer after a while."""
        if self.broken:
            raise ValueError(f"late {self.id}")
        return f"later {self.id}"

    @strawberry.field
    async def reply(self) -> Annotated["Message", strawberry.lazy("tests.engine.graph")] | None:
        """Fetch another."""
        await asyncio.sleep(0)
        number = int(self.id)
        return replace(self, id=strawberry.ID(str(number + 1))) if number < 3 else None


@strawberry.type
class Edge(Generic[T]):
    """A place in a list."""

    cursor: str
    node: T


@strawberry.type
class Page(Generic[T]):
    """A part of a list."""

    nodes: list[T]
    edges: list[Edge[T]]
    total: int | None = None


@strawberry.type
class Account(Node):
    """Has an owner, and perhaps a parent."""

    id: strawberry.ID
    name: str
    owner: User
    denied: strawberry.Private[tuple[str, ...]] = ()
    parent: Annotated["Account", strawberry.lazy("tests.engine.graph")] | None = None
    members: list[User | None] | None = strawberry.field(default=None, extensions=[MEMBER])


Anything = Annotated[User | Operator | Account, strawberry.union("Anything")]


@strawberry.type
class Ticket(Node):
    """Plain fields beside one that is fetched."""

    id: strawberry.ID
    subject: str
    account: Account | None
    opener: Actor
    history: list[Anything]
    held: strawberry.Private[list[Message]]

    @strawberry.field
    async def messages(self, first: int = 50) -> Page[Message] | None:
        """Fetch a page."""
        page = self.held[:first]
        return Page(
            nodes=page, edges=[Edge(cursor=each.id, node=each) for each in page], total=len(page)
        )
