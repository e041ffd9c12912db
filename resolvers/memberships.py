"""Who works in accounts, as the graph shows it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Final, Self

import strawberry

import models
from app.database import statements
from app.database.statements import Row
from app.domain import access
from app.domain.acting import Acting
from app.domain.member_lists import MemberSearch
from models import MembershipStatus, OperatorRole, Permission, TicketMail
from models.permission import in_order
from resolvers import filters
from resolvers.context import Info
from resolvers.declare import attribute, borrowed, fetched, form, node, told, words
from resolvers.people import Actor, Node, User, operator_of, user_of
from resolvers.permissions import PermissionInfo, info_of
from resolvers.scalars import EmailAddress
from resolvers.selections import Spare

if TYPE_CHECKING:  # the way up, which strawberry.lazy goes at run time
    from resolvers.accounts import Account

SEEING = access.member(Permission.MANAGE_USERS, staff=OperatorRole.AGENT, own=True)
words(
    TicketMail,
    {
        "NONE": "None.",
        "MINE": "Of tickets that they take part in.",
        "ALL": "Of all tickets of the account.",
    },
)
words(MembershipStatus, {"SUSPENDED": "Listed, without access.", "ENDED": "Kept for the record."})


SPARE_OF_MEMBERSHIPS: Final = Spare(
    {
        "membership.invited_by_id": "invitedBy",
        "membership.invited_by_operator_id": "invitedBy",
        "membership.inviter_name": "invitedBy",
        "membership.ticket_mail": "ticketMail",
        "membership.last_active_at": "lastActiveAt",
        "membership.joined_at": "joinedAt",
        "membership.ended_at": "endedAt",
        "membership.version": "version",
    }
)
"""Columns of the viewer's own membership that are read for one field only."""


@borrowed(
    "held",
    *(
        "id",
        "status",
        "expires_at",
        "ticket_mail",
        "last_active_at",
        "joined_at",
        "ended_at",
        "version",
    ),
)
@node(SEEING)
class Membership(Node):
    """One user in one account: for those who manage its users, the member, and staff."""

    id: strawberry.ID
    held: strawberry.Private[models.Membership]
    row: strawberry.Private[Row | None]
    account: Annotated["Account", strawberry.lazy("resolvers.accounts")]
    is_owner: bool
    status: MembershipStatus
    expires_at: datetime | None = attribute(description="Access ends by itself then.")
    ticket_mail: TicketMail = attribute(
        description="Which ticket mail this person gets; their own choice."
    )
    last_active_at: datetime | None
    joined_at: datetime
    ended_at: datetime | None
    version: int = attribute(description="Give it back as `ifVersion` to edit safely.")

    @told
    def user(self) -> User:
        """Whose membership it is."""
        viewer = self.account.acting.viewer
        return User.me(viewer) if self.row is None else User.of(self.row, "user", viewer)

    @told
    def email(self) -> EmailAddress:
        """The member's address."""
        own = self.account.acting.viewer.user.email
        return EmailAddress(own if self.row is None else self.row["user.email"])

    @told
    def two_factor_enabled(self) -> bool:
        """Whether they sign in with a second factor."""
        if self.row is None:
            return self.account.acting.viewer.user.has_two_factor
        return self.row["user.two_factor_enabled_at"] is not None

    @told
    def permissions(self) -> Sequence[Permission]:
        """As granted; the owner holds every one."""
        return in_order(models.EVERYTHING if self.is_owner else self.held.granted)

    @told
    def permission_details(self) -> list[PermissionInfo]:
        """The same permissions in words."""
        granted = models.EVERYTHING if self.is_owner else self.held.granted
        return [info_of(permission) for permission in in_order(granted)]

    @fetched(optional=True)
    async def invited_by(self, info: Info) -> Actor | None:
        """Who let them in; null for who made the account."""
        if self.held.invited_by_id:
            return await user_of(info.context, self.held.invited_by_id)
        if self.held.invited_by_operator_id:
            return await operator_of(info.context, self.held.invited_by_operator_id)
        return None

    @classmethod
    def of(cls, row: Row, account: "Account") -> Self:
        """Show the membership whose columns are in a row."""
        return cls.one(statements.found(models.Membership, "membership", row), account, row)

    @classmethod
    def one(cls, held: models.Membership, account: "Account", row: Row | None = None) -> Self:
        """Show a membership: the viewer's own, if nothing was read beside it."""
        shown = object.__new__(cls)
        shown.held, shown.account, shown.row = held, account, row
        shown.is_owner = account.acting.account.owner_id == held.user_id
        return shown


def may_see(acting: Acting, user_id: str) -> bool:
    """Whether the viewer may see what a user's membership holds: a reference to it is null for others."""
    viewer = acting.viewer
    return (
        viewer.user.id == user_id
        or viewer.operator is not None
        or Permission.MANAGE_USERS in acting.permissions
    )


@form
class MembershipFilter:
    """Which memberships to list."""

    search: str | None = attribute(default=None, description="In name or address.")
    status: list[MembershipStatus] = attribute(
        default_factory=lambda: [MembershipStatus.ACTIVE, MembershipStatus.SUSPENDED]
    )
    permission: Permission | None = attribute(default=None, description="Only who holds it.")


def member_search(wanted: MembershipFilter | None) -> MemberSearch:
    """Read a filter."""
    if wanted is None:
        return MemberSearch()
    text = filters.text(wanted.search, "search")
    return MemberSearch(text, tuple(wanted.status), wanted.permission)
