"""Inviting people."""

from datetime import datetime

import strawberry

from app.domain import invite_lists, invites
from app.domain.acting import Acting
from app.domain.granting import MANAGING
from app.domain.offers import Offer
from app.domain.refusals import ErrorCode
from models import AuditAction, Permission
from models import Invite as InviteRow
from resolvers.accounts import Account
from resolvers.context import Context, Info
from resolvers.declare import attribute, form, value
from resolvers.invites import Invite
from resolvers.operations import Payload, mutation


@form
class InviteUserInput:
    """Whom to invite, and what they may do."""

    account_id: strawberry.ID | None = None
    email: str
    permissions: list[Permission]
    note: str | None = attribute(
        default=None, description="Plain text, at most 500 characters; shown in the mail."
    )
    locale: str | None = attribute(default=None, description="Of the mail.")
    lifetime_hours: int | None = attribute(
        default=None, description="1 to 720; the account's policy when absent."
    )
    membership_expires_at: datetime | None = attribute(
        default=None, description="The membership ends then."
    )

    def read(self) -> Offer:
        """Take it as the rule wants it."""
        return Offer(
            email=self.email,
            permissions=frozenset(self.permissions),
            note=self.note,
            locale=self.locale,
            lifetime_hours=self.lifetime_hours,
            membership_expires_at=self.membership_expires_at,
        )


@form
class ResendInviteInput:
    """Which invite."""

    invite_id: strawberry.ID


@form
class RevokeInviteInput:
    """Which invite."""

    invite_id: strawberry.ID


@value
class InviteUserPayload(Payload):
    """The invite that was sent."""

    invite: Invite | None = None


@value
class ResendInvitePayload(Payload):
    """The invite that was sent again."""

    invite: Invite | None = None


@value
class RevokeInvitePayload(Payload):
    """The invite that is no more."""

    invite: Invite | None = None


async def account_of_input(info: Info, input: InviteUserInput) -> Acting:
    """Find the account that an input names, or else that of the request."""
    return await info.context.acting_in(input.account_id)


async def account_of_invite(info: Info, input: ResendInviteInput | RevokeInviteInput) -> Acting:
    """Find the account of the invite that an input names."""
    _, acting = await invites.find(info.context.viewer, input.invite_id)
    return acting


@value
class InviteMutations:
    """Ways to change who is invited."""

    @mutation(
        MANAGING,
        AuditAction.INVITE_SENT,
        account_of_input,
        fails=(
            ErrorCode.ALREADY_A_MEMBER,
            ErrorCode.DOMAIN_NOT_ALLOWED,
            ErrorCode.CANNOT_GRANT_PERMISSION,
            ErrorCode.LIMIT_REACHED,
            ErrorCode.RATE_LIMITED,
            ErrorCode.EMAIL_NOT_VERIFIED,
        ),
    )
    async def invite_user(
        self, info: Info, acting: Acting, input: InviteUserInput
    ) -> InviteUserPayload | None:
        """Mail someone an offer to join the account; to invite again renews what is pending."""
        row = await invites.send(acting, input.read())
        return InviteUserPayload(invite=await show(info.context, acting, row))

    @mutation(
        MANAGING,
        AuditAction.INVITE_RESENT,
        account_of_invite,
        fails=(
            ErrorCode.INVITE_NOT_PENDING,
            ErrorCode.RATE_LIMITED,
            ErrorCode.CANNOT_GRANT_PERMISSION,
        ),
    )
    async def resend_invite(
        self, info: Info, acting: Acting, input: ResendInviteInput
    ) -> ResendInvitePayload | None:
        """Mail an invite again, with a new link; the old one dies. At most once a minute."""
        row = await invites.resend(acting, input.invite_id)
        return ResendInvitePayload(invite=await show(info.context, acting, row))

    @mutation(
        MANAGING,
        AuditAction.INVITE_REVOKED,
        account_of_invite,
        fails=(ErrorCode.INVITE_NOT_PENDING, ErrorCode.CANNOT_GRANT_PERMISSION),
    )
    async def revoke_invite(
        self, info: Info, acting: Acting, input: RevokeInviteInput
    ) -> RevokeInvitePayload | None:
        """Take an invite back; its link dies."""
        row = await invites.revoke(acting, input.invite_id)
        return RevokeInvitePayload(invite=await show(info.context, acting, row))


async def show(context: Context, acting: Acting, invite: InviteRow) -> Invite:
    """Show an invite as its list would."""
    rows = await InviteRow.filter(id=invite.id).values(**invite_lists.COLUMNS)
    return Invite.of(rows[0], Account.seen(acting))
