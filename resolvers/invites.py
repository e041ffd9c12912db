"""Invites, as the graph shows them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

import models
from app.database import statements
from app.database.statements import Row
from app.domain import access, invites
from app.domain.invite_links import Preview, ViewerMatch
from app.domain.invite_lists import InviteSearch
from app.kit import addresses
from models import InviteEmailMatch, InviteStatus, MailDelivery, OperatorRole, Permission
from models.permission import in_order
from resolvers import filters
from resolvers.declare import attribute, form, node, value, words
from resolvers.people import Actor, Guest, Node, Operator, User
from resolvers.permissions import PermissionInfo, info_of
from resolvers.scalars import EmailAddress

if TYPE_CHECKING:  # the way up, which strawberry.lazy goes at run time
    from resolvers.accounts import Account

SEEING = access.member(Permission.MANAGE_USERS, staff=OperatorRole.AGENT, own=True)
words(InviteStatus)
words(MailDelivery)
words(
    InviteEmailMatch,
    {
        "REQUIRED": "Only the invited address may accept.",
        "CONFIRM": "Another user may accept after an explicit confirmation; the inviter is told.",
    },
)
words(ViewerMatch, name="InviteViewerMatch")


@node(SEEING)
class Invite(Node):
    """An offer to join an account, sent by mail; the secret of its link is in the mail only."""

    id: strawberry.ID
    account: Annotated["Account", strawberry.lazy("resolvers.accounts")]
    email: EmailAddress
    permissions: Sequence[Permission]
    note: str | None
    status: InviteStatus
    membership_expires_at: datetime | None = attribute(description="The membership will end then.")
    invited_by: Actor
    created_at: datetime
    expires_at: datetime
    sent_count: int
    last_sent_at: datetime | None
    delivery: MailDelivery = attribute(description="How far its latest mail has come.")
    delivery_error: str | None = attribute(description="Why it FAILED.")
    responded_at: datetime | None
    accepted_by: User | None

    @classmethod
    def of(cls, row: Row, account: "Account") -> Self:
        """Show an invite."""
        offer = statements.found(models.Invite, "invite", row)
        viewer = account.acting.viewer
        inviter = User.maybe(row, "invited_by", viewer)
        operator = Operator.maybe(row, "invited_by_operator", viewer)
        return cls(
            id=strawberry.ID(offer.id),
            account=account,
            email=EmailAddress(offer.email),
            permissions=in_order(offer.granted),
            note=offer.note,
            status=invites.status_of(offer),
            membership_expires_at=offer.membership_expires_at,
            invited_by=inviter or operator or Guest.of(offer.id, offer.inviter_name),
            created_at=offer.created_at,
            expires_at=offer.expires_at,
            sent_count=offer.sent_count,
            last_sent_at=offer.last_sent_at,
            delivery=row["mail.delivery"] or MailDelivery.NOT_SENT,
            delivery_error=row["mail.error"],
            responded_at=offer.responded_at,
            accepted_by=User.maybe(row, "accepted_by", viewer),
        )


@form
class InviteFilter:
    """Which invites to list."""

    status: list[InviteStatus] = attribute(default_factory=lambda: [InviteStatus.PENDING])
    search: str | None = attribute(default=None, description="In the address.")


def invite_search(wanted: InviteFilter | None) -> InviteSearch:
    """Read a filter."""
    if wanted is None:
        return InviteSearch()
    return InviteSearch(filters.text(wanted.search, "search"), tuple(wanted.status))


@value
class InvitePreview:
    """What whoever holds the link sees, signed in or not: no ids, the address masked."""

    account_name: str
    invited_by: str
    masked_email: str
    status: InviteStatus
    expires_at: datetime
    permissions: list[PermissionInfo]
    note: str | None
    has_user: bool = attribute(
        description="Whether the invited address can sign in; else it has to register."
    )
    viewer_match: ViewerMatch
    email_match: InviteEmailMatch
    account: Annotated["Account", strawberry.lazy("resolvers.accounts")] | None = attribute(
        description="Only for its members: where to go."
    )

    @classmethod
    def of(cls, seen: Preview, account: "Account | None") -> Self:
        """Show what a link leads to."""
        offer = seen.invite
        return cls(
            account_name=offer.account.name,
            invited_by=offer.inviter_name,
            masked_email=addresses.mask(offer.email),
            status=invites.status_of(offer),
            expires_at=offer.expires_at,
            permissions=[info_of(permission) for permission in in_order(offer.granted)],
            note=offer.note,
            has_user=seen.has_user,
            viewer_match=seen.match,
            email_match=offer.account.invite_email_match,
            account=account,
        )
