"""Changing who works in an account."""

from datetime import datetime

import strawberry

from app.domain import account_lists, members
from app.domain.acting import Acting
from app.domain.granting import MANAGING
from app.domain.members import Edit
from app.domain.refusals import ErrorCode
from models import AuditAction, Permission
from models import Membership as MembershipRow
from resolvers.accounts import Account
from resolvers.context import Info
from resolvers.declare import attribute, form, value
from resolvers.memberships import Membership
from resolvers.operations import Payload, mutation


@form
class UpdateMembershipInput:
    """What to change; what is absent stays."""

    membership_id: strawberry.ID
    permissions: list[Permission] | None = attribute(default=None, description="The whole new set.")
    suspended: bool | None = None
    expires_at: datetime | None = attribute(
        default=strawberry.UNSET, description="Null: it does not end by itself."
    )
    if_version: int | None = attribute(
        default=None, description="Refuse with STALE_VERSION if somebody has changed it since."
    )

    def read(self) -> Edit:
        """Take it as the rule wants it."""
        is_given = self.expires_at is not strawberry.UNSET
        return Edit(
            permissions=None if self.permissions is None else frozenset(self.permissions),
            suspended=self.suspended,
            expires_at=self.expires_at or None,
            if_version=self.if_version,
            given=frozenset({"expires_at"} if is_given else ()),
        )


@form
class RevokeMembershipInput:
    """Whose access ends."""

    membership_id: strawberry.ID
    reason: str | None = attribute(default=None, description="For the log.")


@value
class UpdateMembershipPayload(Payload):
    """The membership as it is now."""

    membership: Membership | None = None


@value
class RevokeMembershipPayload(Payload):
    """The membership that has ended."""

    membership: Membership | None = None
    account: Account | None = None


async def account_of_membership(
    info: Info, input: UpdateMembershipInput | RevokeMembershipInput
) -> Acting:
    """Find the account of the membership that an input names."""
    _, acting = await members.find(info.context.viewer, input.membership_id)
    return acting


@value
class MemberMutations:
    """Ways to change who works in an account."""

    @mutation(
        MANAGING,
        AuditAction.MEMBERSHIP_UPDATED,
        account_of_membership,
        fails=(
            ErrorCode.OWNER_IS_IMMUTABLE,
            ErrorCode.CANNOT_GRANT_PERMISSION,
            ErrorCode.CANNOT_EDIT_SELF,
            ErrorCode.STALE_VERSION,
        ),
    )
    async def update_membership(
        self, info: Info, acting: Acting, input: UpdateMembershipInput
    ) -> UpdateMembershipPayload | None:
        """Change what a member may do, suspend or restore them, or set when their access ends."""
        row = await members.update(acting, input.membership_id, input.read())
        account = Account.seen(acting)
        return UpdateMembershipPayload(membership=await show(row, account))

    @mutation(
        MANAGING,
        AuditAction.MEMBERSHIP_REVOKED,
        account_of_membership,
        fails=(
            ErrorCode.OWNER_IS_IMMUTABLE,
            ErrorCode.CANNOT_EDIT_SELF,
            ErrorCode.CANNOT_GRANT_PERMISSION,
        ),
    )
    async def revoke_membership(
        self, info: Info, acting: Acting, input: RevokeMembershipInput
    ) -> RevokeMembershipPayload | None:
        """End access now: sessions lose the account, streams close, the member's pending invites are revoked."""
        row = await members.revoke(acting, input.membership_id, input.reason)
        account = Account.seen(acting)
        return RevokeMembershipPayload(membership=await show(row, account), account=account)


async def show(membership: MembershipRow, account: Account) -> Membership:
    """Show a membership as its list would."""
    rows = await MembershipRow.filter(id=membership.id).values(**account_lists.COLUMNS)
    return Membership.of(rows[0], account)
