"""Accounts, as the graph shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Self

import strawberry

from app.database.statements import Row
from app.domain import access, event_lists, invite_lists, member_lists, ticket_lists
from app.domain.access import AccessLevel, Rule
from app.domain.account_lists import OPEN
from app.domain.acting import Acting
from app.domain.ticket_access import Desk
from models import AccountStatus, OperatorRole, Permission, Permissions
from models.permission import in_order
from resolvers.access import foreknown
from resolvers.audit_events import SPARE_OF_EVENTS, AuditEvent, Met
from resolvers.audit_filters import AuditFilter, event_search
from resolvers.connections import Children, Connection, Window
from resolvers.context import Info
from resolvers.declare import borrowed, fetched, node, told, words
from resolvers.invites import Invite, InviteFilter, invite_search
from resolvers.memberships import (
    SPARE_OF_MEMBERSHIPS,
    Membership,
    MembershipFilter,
    member_search,
)
from resolvers.orders import TicketOrder, of_tickets
from resolvers.people import Node, User, user_of
from resolvers.selections import Spare, asks_for, unasked
from resolvers.ticket_filters import TicketFilter, ticket_search
from resolvers.tickets import SPARE_OF_TICKETS, Ticket

SEEING = Rule(AccessLevel.MEMBER, staff=OperatorRole.AGENT, own=True)
INSIDE = Rule(AccessLevel.MEMBER, staff=OperatorRole.AGENT)
MANAGING = access.member(Permission.MANAGE_USERS, staff=OperatorRole.AGENT)
TICKETS = access.member(Permission.TICKETS, staff=OperatorRole.AGENT)
SEES_TICKETS: Final = Permission.TICKETS
LOG = access.member(Permission.VIEW_AUDIT_LOG, staff=OperatorRole.ADMIN)
words(
    AccountStatus,
    {
        "INACTIVE": "Works, but cannot order.",
        "SUSPENDED": "Listed; everything but tickets answers ACCOUNT_SUSPENDED.",
        "CLOSED": "Listed; everything answers ACCOUNT_CLOSED.",
    },
)


SPARE: Final = Spare(
    {
        **SPARE_OF_MEMBERSHIPS,
        "account.created_at": "createdAt",
        "owner.created_at": "createdAt",
    }
)
"""Columns of an account with the viewer's place in it that are read for one field only."""


@borrowed("acting.account", "id", "name", "status", "created_at")
@node(SEEING)
class Account(Node):
    """The party that owns products and tickets.

    Own: who is invited, and who was a member; they see its name and status only.
    """

    id: strawberry.ID
    acting: strawberry.Private[Acting]
    held: strawberry.Private[Permissions]
    name: str
    status: AccountStatus
    created_at: datetime
    row: strawberry.Private[Row | None]

    def _owner(self) -> User:
        if self.row is None:
            raise LookupError
        return User.of(self.row, "owner", self.acting.viewer)

    @foreknown(_owner)
    @fetched(INSIDE)
    async def owner(self, info: Info) -> User | None:
        """Whose account it is: there is exactly one, who may do everything."""
        return await user_of(info.context, self.acting.account.owner_id)

    @told
    def viewer_membership(self) -> Membership | None:
        """Null for operators who are not members."""
        held = self.acting.membership
        return None if held is None else Membership.one(held, self)

    @told
    def viewer_permissions(self) -> Sequence[Permission]:
        """Effective for this request, with what they imply."""
        return in_order(self.held)

    @told
    def viewer_grantable_permissions(self) -> Sequence[Permission]:
        """What the viewer may give to others here: draw the check-boxes from this."""
        return in_order(self.acting.grantable)

    def _open_tickets(self) -> int | None:
        if SEES_TICKETS not in self.held and not self.acting.viewer.operator:
            return None
        if self.row is None:
            raise LookupError
        number: int = self.row[OPEN]
        return number

    @foreknown(_open_tickets)
    @fetched(optional=True)
    async def open_ticket_count(self, info: Info) -> int | None:
        """Tickets that are not closed. Null, without an error, for who lacks TICKETS."""
        return await info.context.loader("open tickets", open_tickets).load(self.id)

    @fetched(MANAGING)
    async def members(
        self,
        info: Info,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: MembershipFilter | None = None,
    ) -> Connection[Membership] | None:
        """Who works in the account; whoever joined first on top."""
        search = member_search(filter)
        pages = Children(info, ("members", search), member_lists.of_accounts(search))
        window = Window(first, after, last, before)
        return await pages.of(self.id, window, lambda row: Membership.of(row, self))

    @fetched(MANAGING)
    async def invites(
        self,
        info: Info,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: InviteFilter | None = None,
    ) -> Connection[Invite] | None:
        """Who is invited; the newest on top."""
        search = invite_search(filter)
        pages = Children(info, ("invites", search), invite_lists.of_accounts(search))
        window = Window(first, after, last, before)
        return await pages.of(self.id, window, lambda row: Invite.of(row, self))

    @fetched(TICKETS)
    async def tickets(
        self,
        info: Info,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: TicketFilter | None = None,
        order_by: TicketOrder | None = None,
    ) -> Connection[Ticket] | None:
        """The account's tickets; what changed last on top."""
        search, order = ticket_search(filter), of_tickets(order_by)
        spare = unasked(info, SPARE_OF_TICKETS)
        listing = ticket_lists.of_accounts(search, order).without(spare)
        pages = Children(info, ("tickets", search, order, spare), listing)
        window = Window(first, after, last, before)
        return await pages.of(self.id, window, self._ticket)

    @fetched(LOG)
    async def audit_events(
        self,
        info: Info,
        first: int | None = 50,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: AuditFilter | None = None,
    ) -> Connection[AuditEvent] | None:
        """What was done to the account; the newest on top."""
        viewer, met = self.acting.viewer, Met(info.context)
        ahead = met.read if asks_for(info, "actor") else None
        search, spare = event_search(filter, viewer), unasked(info, SPARE_OF_EVENTS)
        listing = event_lists.of_accounts(search).without(spare)
        pages = Children(info, ("events", search, spare), listing, ahead)
        window = Window(first, after, last, before)
        known = met if ahead else None
        return await pages.of(self.id, window, lambda row: AuditEvent.of(row, viewer, self, known))

    def admit(self, rule: Rule) -> None:
        """Refuse unless the rule is met by who looks."""
        rule.admit(self.acting.viewer, self.acting)

    def _ticket(self, row: Row) -> Ticket:
        return Ticket.of(Desk(self.acting.viewer, row, self.acting), self)

    @classmethod
    def of(cls, row: Row, acting: Acting) -> Self:
        """Show an account to whoever acts in it; the row holds its owner."""
        shown = object.__new__(cls)
        shown.acting, shown.held, shown.row = acting, acting.permissions, row
        return shown

    @classmethod
    def seen(cls, acting: Acting) -> Self:
        """Show an account that was found without its owner."""
        shown = object.__new__(cls)
        shown.acting, shown.held, shown.row = acting, acting.permissions, None
        return shown


async def open_tickets(accounts: list[str]) -> Sequence[int]:
    """Count the tickets of accounts that are not closed, in one statement."""
    counts = await ticket_lists.count_open("account_id", accounts)
    return [counts.get(account, 0) for account in accounts]
