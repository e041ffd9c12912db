"""Who asked of late: what was read of them, with the versions of those rows, to ask whether it is so still."""

from collections import OrderedDict
from typing import Final, Self, TypeAlias

from app.database.statements import copied
from app.kit.frozen import frozen
from models import Account, Membership, Operator, Session, User

Key: TypeAlias = tuple[str, str | None]
"""The digest of a session's secret, and the account that the request names."""

MOST: Final = 1_024


@frozen
class Seen:
    """A session with its user, and their place in one account."""

    session: Session
    user: User
    operator: Operator | None
    membership: Membership | None
    account: Account | None
    versions: tuple[int | None, ...]

    def again(self) -> Self:
        """Copy it: whoever acts may change what they hold, and take that back."""
        return type(self)(
            copied(self.session),
            copied(self.user),
            self.operator and copied(self.operator),
            self.membership and copied(self.membership),
            self.account and copied(self.account),
            self.versions,
        )


class Recent:
    """The last that were seen."""

    def __init__(self) -> None:
        self.seen: OrderedDict[Key, Seen] = OrderedDict()

    def get(self, key: Key) -> Seen | None:
        """Say what was seen."""
        seen = self.seen.get(key)
        if seen is None:
            return None
        self.seen.move_to_end(key)
        return seen.again()

    def keep(self, key: Key, seen: Seen) -> None:
        """Remember what was seen."""
        self.seen[key] = seen.again()
        if len(self.seen) > MOST:
            self.seen.popitem(last=False)

    def forget(self, key: Key) -> None:
        """Let go of what is so no more."""
        self.seen.pop(key, None)
