"""The signed-in user's own, private side."""

from datetime import datetime
from typing import Self

import strawberry

from app.database import statements
from app.database.statements import Row
from app.domain import (
    account_lists,
    event_lists,
    faces,
    invite_lists,
    member_lists,
    own_sessions,
    ticket_lists,
    two_factor,
)
from app.domain.access import AccessLevel, Rule
from app.domain.acting import Acting
from app.domain.ticket_access import Desk
from app.domain.viewers import Viewer as Found
from models import Membership as MembershipRow
from models.key import retold
from resolvers.account_contexts import AccountContext, account_context
from resolvers.accounts import Account
from resolvers.audit_events import AuditEvent
from resolvers.audit_filters import AuditFilter, event_search
from resolvers.connections import Connection, Window, connect
from resolvers.context import Info
from resolvers.declare import attribute, fetched, node
from resolvers.invites import Invite
from resolvers.memberships import Membership, MembershipFilter, member_search
from resolvers.orders import TicketOrder, of_tickets
from resolvers.passkeys import Passkey, of_viewer
from resolvers.people import Operator, User
from resolvers.scalars import EmailAddress
from resolvers.security import SecurityQuestion, TwoFactorStatus
from resolvers.sessions import Session
from resolvers.ticket_filters import TicketFilter, ticket_search
from resolvers.tickets import Ticket


@node(Rule(AccessLevel.SIGNED_IN, own=True))
class Viewer:
    """The signed-in user's own, private side (`me`). Its id has a prefix of its own: it is no User to a cache."""

    id: strawberry.ID
    found: strawberry.Private[Found]
    user: User
    email: EmailAddress
    email_verified_at: datetime | None
    pending_email: EmailAddress | None = attribute(
        description="Asked for with changeEmail; it counts once its link was followed."
    )
    first_name: str
    last_name: str
    display_name: str
    locale: str
    time_zone: str
    operator: Operator | None = attribute(description="Set when the user is support staff.")
    session: Session | None
    password_changed_at: datetime
    security_question: SecurityQuestion | None

    @fetched(optional=True)
    async def two_factor(self, info: Info) -> TwoFactorStatus:
        """Whether a second factor is asked for, and how many recovery codes are left."""
        user = self.found.user
        left = await two_factor.codes_left(user) if user.has_two_factor else 0
        return TwoFactorStatus(
            enabled=user.has_two_factor,
            enabled_at=user.two_factor_enabled_at,
            recovery_codes_left=left,
        )

    @fetched(optional=True)
    async def passkeys(self, info: Info) -> list[Passkey]:
        """Keys that the viewer can sign in with, the oldest first."""
        return await of_viewer(info)

    @fetched()
    async def sessions(self, info: Info) -> list[Session] | None:
        """Where the viewer is signed in, the session used last on top."""
        rows = await own_sessions.living(self.found)
        return [Session.one(self.found, row) for row in rows]

    @fetched(optional=True)
    async def account_context(self, info: Info) -> AccountContext:
        """The account this request acts on, and why."""
        return await account_context(info.context)

    @fetched(optional=True)
    async def active_account(self, info: Info) -> Account | None:
        """The same, without the why."""
        return (await account_context(info.context)).account

    @fetched()
    async def memberships(
        self,
        info: Info,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: MembershipFilter | None = None,
    ) -> Connection[Membership] | None:
        """Where the viewer is let in, and where suspended."""
        listing = member_lists.of_user(self.found.user.id, member_search(filter))
        return await connect(listing, Window(first, after, last, before), self._membership)

    @fetched()
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
        """Every ticket I may see, of all my accounts, and those I opened outside any account."""
        search, order = ticket_search(filter), of_tickets(order_by)
        listing = await ticket_lists.of_viewer(self.found, search, order)
        return await connect(listing, Window(first, after, last, before), self._ticket)

    @fetched()
    async def invites(
        self,
        info: Info,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Invite] | None:
        """Pending invites to my verified address; acceptable by id, no mail needed."""
        listing = invite_lists.to(self.found)
        return await connect(listing, Window(first, after, last, before), self._invite)

    @fetched()
    async def audit_events(
        self,
        info: Info,
        first: int | None = 50,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: AuditFilter | None = None,
    ) -> Connection[AuditEvent] | None:
        """My own security events: signing in and out, and what I changed of myself."""
        listing = event_lists.of_user(self.found.user.id, event_search(filter, self.found))
        window = Window(first, after, last, before)
        return await connect(listing, window, lambda row: AuditEvent.of(row, self.found, None))

    def _membership(self, row: Row) -> Membership:
        acting = account_lists.acting_of(self.found, row)
        return Membership.of(row, Account.of(row, acting))

    def _ticket(self, row: Row) -> Ticket:
        account = faces.account_in(row)
        if account is None:
            return Ticket.of(Desk(self.found, row, None), None)
        held = statements.instance(MembershipRow, "membership", row)
        acting = Acting(self.found, account, held)
        return Ticket.of(Desk(self.found, row, acting), Account.of(row, acting))

    def _invite(self, row: Row) -> Invite:
        account = faces.account_in(row)
        if account is None:
            raise LookupError(row["invite.id"])
        return Invite.of(row, Account.of(row, Acting(self.found, account, None)))

    @classmethod
    def of(cls, viewer: Found) -> Self:
        """Show the viewer to themselves."""
        user = viewer.user
        return cls(
            id=strawberry.ID(retold(user.id, "vwr")),
            found=viewer,
            user=User.me(viewer),
            email=EmailAddress(user.email),
            email_verified_at=user.email_verified_at,
            pending_email=EmailAddress(user.pending_email) if user.pending_email else None,
            first_name=user.first_name,
            last_name=user.last_name,
            display_name=user.display_name,
            locale=user.locale,
            time_zone=user.time_zone,
            operator=Operator.me(viewer),
            session=Session.of(viewer),
            password_changed_at=user.password_changed_at,
            security_question=SecurityQuestion.of(user),
        )
