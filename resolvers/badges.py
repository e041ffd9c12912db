"""What somebody is to an account, as the graph shows it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Self

import strawberry

import models
from app.database import statements
from app.database.statements import Row
from app.domain import account_lists, badges
from models import Channel, Relationship
from resolvers.context import Context, Info
from resolvers.declare import attribute, fetched, value, words
from resolvers.memberships import Membership, may_see

if TYPE_CHECKING:  # the way up; at run time it is handed in
    from resolvers.accounts import Account

words(
    Relationship,
    {
        "OWNER": "Owns the account.",
        "AUTHORIZED_USER": "Has been given access to the account.",
        "REGISTERED_USER": "Has a user, but no access to this account.",
        "CONTACT": "A contact of the account, without a user.",
        "GUEST": "No user at all.",
        "OPERATOR": "Support staff.",
        "AUTOMATION": "An API token or automation of the account.",
    },
)
words(
    Channel,
    {
        "WEB": "A person's session.",
        "API": "An API token.",
        "OPERATOR": "The staff area.",
        "SYSTEM": "Only in the log; no message is written by the system.",
    },
)


@value
class RelationshipBadge:
    """Who somebody was to the account at the moment of writing: the same for every reader, never recomputed."""

    relationship: Relationship
    label: str
    verified: bool = attribute(
        description="False when only a From: header or a typed address vouches for the author."
    )
    current: Relationship = attribute(
        description="Differs from `relationship` once the person left or changed role."
    )
    bearer: strawberry.Private[str | None]
    account: strawberry.Private["Account | None"]

    @fetched(optional=True)
    async def membership(self, info: Info) -> Membership | None:
        """The bearer's membership in the account, for those who may see it."""
        if self.account is None or self.bearer is None:
            return None
        return await membership_in(info.context, self.account, self.bearer)

    @classmethod
    def of(cls, row: Row, bearer: str, account: "Account | None") -> Self:
        """Show a frozen badge with what its bearer is today; the columns stand behind `bearer`, as `author_`."""
        relationship: Relationship = row[f"{bearer}relationship"]
        user_id = row["opener_id" if bearer else "author.id"]
        now = badges.standing_in(row, owns=_owns(account, user_id))
        return cls(
            relationship=relationship,
            label=badges.LABELS[relationship],
            verified=row[f"{bearer}verified"],
            current=badges.current(relationship, now),
            bearer=user_id,
            account=account,
        )


async def badge_of(
    context: Context, account: "Account | None", user_id: str | None, relationship: Relationship
) -> RelationshipBadge:
    """Show what an actor of the log was, with what they are today."""
    now = badges.Standing(None, None, owns=False)
    if account is not None and user_id is not None:
        row = await _place(context, account, user_id)
        held = statements.instance(models.Membership, "membership", row) if row else None
        if held is not None:
            owns = _owns(account, user_id)
            now = badges.Standing(held.status, held.expires_at, owns=owns)
    return RelationshipBadge(
        relationship=relationship,
        label=badges.LABELS[relationship],
        verified=True,
        current=badges.current(relationship, now),
        bearer=user_id,
        account=account,
    )


def _owns(account: "Account | None", user_id: str | None) -> bool:
    return account is not None and account.acting.account.owner_id == user_id


async def membership_in(context: Context, account: "Account", user_id: str) -> Membership | None:
    """Show a user's membership in an account; None if the viewer may not see it."""
    row = await _place(context, account, user_id) if may_see(account.acting, user_id) else None
    return Membership.of(row, account) if row else None


async def _place(context: Context, account: "Account", user_id: str) -> Row | None:
    return await context.loader("places", _places).load(f"{account.id} {user_id}")


async def _places(wanted: list[str]) -> Sequence[Row | None]:
    """Read memberships by account and user: those that are wanted are among all of these accounts and users."""
    pairs = [each.split() for each in wanted]
    accounts, users = {account for account, _ in pairs}, {user for _, user in pairs}
    rows = models.Membership.filter(account_id__in=accounts, user_id__in=users)
    found = {
        f"{row['account.id']} {row['user.id']}": row
        for row in await rows.values(**account_lists.COLUMNS)
    }
    return [found.get(each) for each in wanted]
