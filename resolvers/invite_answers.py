"""Answering invites."""

import strawberry

from app.domain import access, declining, invite_links, joining
from app.domain.acting import Acting
from app.domain.invite_links import Preview, Reference
from app.domain.joining import Acceptance
from app.domain.refusals import ErrorCode
from models import AuditAction, MembershipStatus
from resolvers.accounts import Account
from resolvers.carriers import SessionTransport
from resolvers.context import Context, Info
from resolvers.declare import attribute, form, one_of, value
from resolvers.invites import InvitePreview
from resolvers.memberships import Membership
from resolvers.operations import Payload, mutation, query
from resolvers.sessions import Session
from resolvers.signing_in import LoginInput, RegisterInput
from resolvers.viewers import Viewer


@one_of
class AcceptInviteAs:
    """Who accepts, if not whoever is signed in: the same call signs in, or registers."""

    login: LoginInput | None = strawberry.UNSET
    register: RegisterInput | None = strawberry.UNSET

    @property
    def transport(self) -> SessionTransport:
        """How the new session's secret travels."""
        chosen = self.login or self.register
        return chosen.transport if chosen else SessionTransport.BEARER


@form
class AcceptInviteInput:
    """Which invite, as whom, and whether to go there."""

    token: str | None = attribute(default=None, description="From the mail.")
    invite_id: strawberry.ID | None = attribute(
        default=None, description="Or the id, for an invite to the viewer's verified address."
    )
    as_: AcceptInviteAs | None = attribute(default=None, name="as")
    confirm_different_email: bool = False
    switch_to: bool = attribute(default=True, description="Make it the session's default account.")

    def read(self, device: str | None) -> Acceptance:
        """Take it as the rule wants it; `device` is what a cookie says of the device."""
        login = self.as_.login if self.as_ else None
        register = self.as_.register if self.as_ else None
        return Acceptance(
            reference=Reference(self.token, self.invite_id),
            credentials=login.read(device) if login else None,
            registration=register.read() if register else None,
            confirms_other_email=self.confirm_different_email,
            switches=self.switch_to,
        )


@form
class DeclineInviteInput:
    """Which invite."""

    token: str | None = None
    invite_id: strawberry.ID | None = None


@value
class AcceptInvitePayload(Payload):
    """The membership that came of it."""

    membership: Membership | None = None
    account: Account | None = None
    me: Viewer | None = None
    session: Session | None = None
    session_token: str | None = attribute(
        default=None, description="Once, when a session was made and its transport is BEARER."
    )


@value
class DeclineInvitePayload(Payload):
    """What the link shows from now on."""

    preview: InvitePreview | None = None


@value
class InviteQueries:
    """Questions of who was invited."""

    @query(access.PUBLIC)
    async def invite_preview(self, info: Info, token: str) -> InvitePreview | None:
        """What an invite link may show before anyone signs in. Null for unknown tokens; looking changes nothing."""
        seen = await invite_links.preview(info.context.found, token)
        return await show(info.context, seen) if seen else None


@value
class InviteAnswers:
    """Ways to answer an invite."""

    @mutation(
        access.PUBLIC,
        AuditAction.INVITE_ACCEPTED,
        fails=(
            ErrorCode.LINK_EXPIRED,
            ErrorCode.INVITE_NOT_PENDING,
            ErrorCode.INVITE_EMAIL_MISMATCH,
            ErrorCode.ALREADY_A_MEMBER,
            ErrorCode.TWO_FACTOR_REQUIRED,
            ErrorCode.INVALID_CODE,
            ErrorCode.LOCKED_OUT,
            ErrorCode.PASSWORD_TOO_WEAK,
            ErrorCode.EMAIL_TAKEN,
            ErrorCode.INVALID_CREDENTIALS,
            ErrorCode.EMAIL_NOT_VERIFIED,
            ErrorCode.DOMAIN_NOT_ALLOWED,
        ),
    )
    async def accept_invite(
        self, info: Info, input: AcceptInviteInput
    ) -> AcceptInvitePayload | None:
        """Join the account. Works signed in, or signs in or registers in the same call (`as`)."""
        context = info.context
        transport = input.as_.transport if input.as_ else SessionTransport.BEARER
        context.admit_transport(transport)
        joined = await joining.accept(
            context.call, context.found, input.read(context.carrier.device)
        )
        token = None
        if joined.opened is not None:
            token = await context.hand_over(joined.opened, transport)
        else:
            await context.prepare()
        acting = Acting(context.viewer, joined.account, joined.membership)
        account = Account.seen(acting)
        return AcceptInvitePayload(
            membership=account.viewer_membership(),
            account=account,
            me=Viewer.of(context.viewer),
            session=Session.of(context.viewer),
            session_token=token,
        )

    @mutation(
        access.PUBLIC,
        AuditAction.INVITE_DECLINED,
        fails=(ErrorCode.INVITE_NOT_PENDING, ErrorCode.LINK_EXPIRED),
    )
    async def decline_invite(
        self, info: Info, input: DeclineInviteInput
    ) -> DeclineInvitePayload | None:
        """Say no; the inviter is told."""
        context, reference = info.context, Reference(input.token, input.invite_id)
        invite = await declining.decline(context.call, context.found, reference)
        seen = await invite_links.preview_of(context.found, invite)
        return DeclineInvitePayload(preview=await show(context, seen))


async def show(context: Context, seen: Preview) -> InvitePreview:
    """Show what a link leads to; its members see where to go."""
    account = None
    inside = seen.membership is not None and seen.membership.status is not MembershipStatus.ENDED
    if inside and context.found is not None:
        acting = Acting(context.found, seen.invite.account, seen.membership)
        account = Account.seen(acting)
    return InvitePreview.of(seen, account)
