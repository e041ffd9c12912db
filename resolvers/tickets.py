"""Tickets, as the graph shows them."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final, Self

import strawberry

from app.database.statements import Row
from app.domain import access, badges, faces, ticket_access, ticket_lists
from app.domain.access import Rule
from app.domain.ticket_access import Desk
from app.kit import markdown
from models import Channel, TicketPriority, TicketStatus
from resolvers.badges import RelationshipBadge
from resolvers.connections import Children, Connection, Window
from resolvers.context import Info
from resolvers.declare import attribute, columns, fetched, guarded, node, told
from resolvers.departments import Department
from resolvers.memberships import SPARE_OF_MEMBERSHIPS
from resolvers.people import Actor, Guest, Node, Operator, User
from resolvers.scalars import HTML, EmailAddress, IPAddress
from resolvers.selections import Spare, unasked
from resolvers.voices import Voices

if TYPE_CHECKING:  # the way up, which strawberry.lazy goes at run time
    from resolvers.accounts import Account

SPARE: Final = Spare(
    {
        "author_email": "authorEmail",
        "ip": "ip",
        "internal": "internal",
        "author.created_at": "createdAt",
        "operator.role": "role",
        "operator.user__id": "user",
        "operator.user__created_at": "user",
    }
)
"""Columns of a message that are read for one field only."""
SPARE_OF_TICKETS: Final = Spare(
    {
        **dict.fromkeys(faces.department("department"), "department"),
        **dict.fromkeys(faces.operator("assigned_to"), "assignedTo"),
        **dict.fromkeys(faces.operator("opener_operator"), "opener"),
        **dict.fromkeys(faces.user("opener"), "opener"),
        "opener_email": "openerEmail",
        "last_reply_at": "lastReplyAt",
        badges.STANDING: "openerBadge",
        "opener_operator.role": "role",
        "opener_operator.user__id": "user",
        "opener_operator.user__created_at": "user",
        "opener.created_at": "createdAt",
    }
)
"""The same of a ticket in a list."""
SPARE_OF_A_TICKET: Final = Spare(
    {
        **SPARE_OF_TICKETS,
        **SPARE_OF_MEMBERSHIPS,
        "account.created_at": "createdAt",
        **{f"owner.{column}": "owner" for column in faces.USER},
    }
)
"""The same of a ticket that is found with its account."""


@columns("row", "id", "author_email", "ip", "body", "via", "created_at", "internal")
@node(ticket_access.READING)
class TicketMessage(Node):
    """What was said in a ticket."""

    id: strawberry.ID
    row: strawberry.Private[Row]
    ticket: "Ticket"
    author: Actor
    author_email: EmailAddress | None = guarded(access.STAFF, "For staff.")
    ip: IPAddress | None = guarded(access.STAFF, "From where it was written; for staff.")
    badge: RelationshipBadge
    body: str = attribute(description="Markdown, as written.")
    via: Channel
    created_at: datetime
    internal: bool = attribute(description="A note only staff see; never in a customer's list.")

    @told
    def viewer_is_author(self) -> bool:
        """Whether the viewer wrote it, as a customer or as staff."""
        viewer = self.ticket.desk.viewer
        rank = viewer.operator
        keys = {self.row["operator.id"], self.row["author.id"]}
        return viewer.user.id in keys or (rank is not None and rank.id in keys)

    @told
    def body_html(self) -> HTML:
        """The body rendered, and safe to show."""
        return HTML(markdown.to_html(self.body))

    def admit(self, rule: Rule) -> None:
        """Refuse unless the rule is met by who looks."""
        self.ticket.admit(rule)

    @classmethod
    def of(cls, row: Row, ticket: "Ticket", voices: Voices | None = None) -> Self:
        """Show a message; `voices` are those that were heard on the same page."""
        shown = object.__new__(cls)
        shown.row, shown.ticket = row, ticket
        shown.author, shown.badge = (voices or Voices(ticket.desk, ticket.account)).of(row)
        return shown


@columns(
    "desk.row",
    *("id", "number", "subject", "status", "priority", "opener_email", "is_locked"),
    *("created_at", "updated_at", "last_reply_at"),
)
@node(ticket_access.READING)
class Ticket(Node):
    """A conversation with the support staff. Own: its opener's, while it has no account."""

    id: strawberry.ID
    desk: strawberry.Private[Desk]
    number: str = attribute(description="To be said on the phone: ABC-123456.")
    account: Annotated["Account", strawberry.lazy("resolvers.accounts")] | None
    subject: str
    status: TicketStatus
    priority: TicketPriority
    opener_email: EmailAddress | None = guarded(access.STAFF, "For staff.")
    is_locked: bool = attribute(description="Customers cannot reply or reopen.")
    created_at: datetime
    updated_at: datetime
    last_reply_at: datetime | None

    @told
    def department(self) -> Department:
        """Who takes care of it."""
        return Department.under(self.desk.row, "department", self.desk.viewer)

    @told
    def assigned_to(self) -> Operator | None:
        """Staff member in charge."""
        return Operator.maybe(self.desk.row, "assigned_to", self.desk.viewer)

    @told
    def opener(self) -> Actor:
        """Who opened it; whoever is deleted keeps the name."""
        row, viewer = self.desk.row, self.desk.viewer
        user = User.maybe(row, "opener", viewer)
        operator = None if user else Operator.maybe(row, "opener_operator", viewer)
        return user or operator or Guest.of(row["id"], row["opener_name"])

    @told
    def opener_badge(self) -> RelationshipBadge:
        """Badge of the opener when the ticket was opened."""
        return RelationshipBadge.of(self.desk.row, "opener_", self.account)

    @fetched()
    async def messages(
        self,
        info: Info,
        first: int | None = 50,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[TicketMessage] | None:
        """Oldest first."""
        as_staff = self.desk.viewer.operator is not None
        spare = unasked(info, SPARE)
        listing = ticket_lists.messages(as_staff=as_staff).without(spare)
        pages = Children(info, ("messages", as_staff, spare), listing)
        window, voices = Window(first, after, last, before), Voices(self.desk, self.account)
        return await pages.of(self.id, window, lambda row: TicketMessage.of(row, self, voices))

    def admit(self, rule: Rule) -> None:
        """Refuse unless the rule is met by who looks."""
        self.desk.admit(rule)

    @classmethod
    def of(cls, desk: Desk, account: "Account | None") -> Self:
        """Show a ticket to whoever is before it."""
        shown = object.__new__(cls)
        shown.desk, shown.account = desk, account
        return shown


async def message_of(ticket: Ticket, id: str) -> TicketMessage:
    """Show one message of a ticket."""
    one = ticket_lists.message(as_staff=ticket.desk.viewer.operator is not None)
    rows = await one.rows(key=id, ticket=ticket.id)
    return TicketMessage.of(rows[0], ticket)
