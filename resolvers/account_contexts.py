"""The account that a request acts on, and why."""

from resolvers.accounts import Account
from resolvers.context import AccountContextSource, Context
from resolvers.declare import value, words
from resolvers.errors import UserError, error_of

words(
    AccountContextSource,
    {
        "REQUEST": "`X-Account-Id` header, or `extensions.accountId` of the operation.",
        "SESSION": "Last `switchAccount` of this session.",
        "ONLY_ONE": "The viewer has exactly one account.",
    },
)


@value
class AccountContext:
    """The account this request acts on, and why; or why none."""

    account: Account | None
    source: AccountContextSource
    denial: UserError | None


async def account_context(context: Context) -> AccountContext:
    """Show what the rules for finding the account have found."""
    choice = context.choice
    return AccountContext(
        account=Account.seen(choice.acting) if choice.acting else None,
        source=choice.source,
        denial=error_of(choice.denial) if choice.denial else None,
    )
