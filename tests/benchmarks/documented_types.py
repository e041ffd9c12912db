"""The usual types: a row behind each, and a resolver for what has to be looked up."""

from datetime import datetime
from typing import Generic, Self, TypeVar

import strawberry

import models
from app.database.paging import cursor_of
from app.domain import badges, ticket_lists
from models import Channel, Relationship, TicketPriority, TicketStatus
from tests.benchmarks.documented_accounts import Account
from tests.benchmarks.documented_people import Actor, Info, Operator, User

T = TypeVar("T")


@strawberry.type
class Badge:
    """What an author is."""

    row: strawberry.Private[models.TicketMessage]
    relationship: Relationship
    label: str
    verified: bool

    @strawberry.field
    async def current(self, info: Info) -> Relationship:
        """Look the author up."""
        account, author = self.row.account_id, self.row.author_id
        if account is None or author is None:
            return self.relationship
        held = await info.context.members.load((account, author))
        known = await info.context.accounts.load(account)
        owns = known is not None and known.owner_id == author
        now = badges.Standing(held.status if held else None, None, owns=owns)
        return badges.current(self.relationship, now)


@strawberry.type
class TicketMessage:
    """What was said."""

    row: strawberry.Private[models.TicketMessage]
    id: strawberry.ID
    body: str
    via: Channel
    created_at: datetime

    @strawberry.field
    async def author(self, info: Info) -> Actor:
        """Look the author up."""
        if self.row.author_kind == "OPERATOR":
            staff = await info.context.operators.load(str(self.row.operator_id))
            assert staff is not None
            return Operator(id=strawberry.ID(staff.id), display_name=staff.user.display_name)
        user = await info.context.users.load(str(self.row.author_id))
        assert user is not None
        return User(id=strawberry.ID(user.id), display_name=user.display_name)

    @strawberry.field
    def badge(self) -> Badge:
        """What the author was."""
        row = self.row
        label = badges.LABELS[row.relationship]
        return Badge(row=row, relationship=row.relationship, label=label, verified=row.verified)

    @classmethod
    def of(cls, row: models.TicketMessage) -> Self:
        """Show a message."""
        id = strawberry.ID(row.id)
        return cls(row=row, id=id, body=row.body, via=row.via, created_at=row.created_at)


@strawberry.type
class PageInfo:
    """Where a page stands."""

    has_next_page: bool
    end_cursor: str | None = None


@strawberry.type
class Page(Generic[T]):
    """A part of a list."""

    nodes: list[T]
    page_info: PageInfo

    @classmethod
    def of(cls, nodes: list[T], *, has_more: bool, end: str | None = None) -> Self:
        """Show a page."""
        return cls(nodes=nodes, page_info=PageInfo(has_next_page=has_more, end_cursor=end))


@strawberry.type
class Ticket:
    """A ticket."""

    row: strawberry.Private[models.Ticket]
    id: strawberry.ID
    number: str
    subject: str
    status: TicketStatus
    priority: TicketPriority
    is_locked: bool
    created_at: datetime

    @strawberry.field
    async def account(self, info: Info) -> Account | None:
        """Whose it is."""
        row = await info.context.accounts.load(str(self.row.account_id))
        return Account.of(row) if row else None

    @strawberry.field
    async def messages(self, first: int = 50) -> Page[TicketMessage] | None:
        """Oldest first."""
        said = models.TicketMessage.filter(ticket_id=self.row.id, internal=False)
        rows = await said.order_by("created_at", "id").limit(first + 1)
        last = rows[:first][-1] if rows else None
        marks = {"by.created_at": last.created_at, "by.id": last.id} if last else None
        end = cursor_of(ticket_lists.OLDEST, marks) if marks else None
        nodes = [TicketMessage.of(row) for row in rows[:first]]
        return Page.of(nodes, has_more=len(rows) > first, end=end)

    @classmethod
    def of(cls, row: models.Ticket) -> Self:
        """Show a ticket."""
        return cls(
            row=row,
            id=strawberry.ID(row.id),
            number=row.number,
            subject=row.subject,
            status=row.status,
            priority=row.priority,
            is_locked=row.is_locked,
            created_at=row.created_at,
        )
