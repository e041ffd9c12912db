"""Making accounts, and choosing one."""

import strawberry

from app.domain import access, accounts
from app.domain.refusals import ErrorCode
from models import AuditAction
from resolvers.accounts import Account
from resolvers.context import Info
from resolvers.declare import attribute, form, value
from resolvers.operations import Payload, mutation
from resolvers.signing_in import again
from resolvers.viewers import Viewer


@form
class CreateAccountInput:
    """What to call the account, and where its mail goes."""

    name: str
    email: str


@form
class SwitchAccountInput:
    """Which account to work in."""

    account_id: strawberry.ID | None = attribute(
        default=None, description="Null clears the default."
    )


@value
class CreateAccountPayload(Payload):
    """The account, owned by the viewer."""

    account: Account | None = None


@value
class SwitchAccountPayload(Payload):
    """The account that was chosen."""

    account: Account | None = None
    me: Viewer | None = None


@value
class AccountMutations:
    """Ways to make and choose accounts."""

    @mutation(access.SESSION, AuditAction.ACCOUNT_CREATED)
    async def create_account(
        self, info: Info, input: CreateAccountInput
    ) -> CreateAccountPayload | None:
        """Make an account that the viewer owns."""
        acting = await accounts.create(info.context.viewer, input.name, input.email)
        return CreateAccountPayload(account=Account.seen(acting))

    @mutation(
        access.SESSION,
        AuditAction.ACCOUNT_SWITCHED,
        fails=(
            ErrorCode.NOT_A_MEMBER,
            ErrorCode.MEMBERSHIP_SUSPENDED,
            ErrorCode.ACCOUNT_CLOSED,
        ),
    )
    async def switch_account(
        self, info: Info, input: SwitchAccountInput
    ) -> SwitchAccountPayload | None:
        """Set the session's default account. Tabs that send `X-Account-Id` do not notice."""
        acting = await accounts.switch(info.context.viewer, input.account_id)
        me = await again(info.context)
        account = Account.seen(acting) if acting else None
        return SwitchAccountPayload(account=account, me=me)
