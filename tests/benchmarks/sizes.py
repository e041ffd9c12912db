"""How much is in the database that is measured."""

from dataclasses import dataclass
from typing import Final

VIEWERS_ACCOUNTS: Final = 10


VIEWERS_OTHERS: Final = 19


@dataclass(frozen=True, slots=True)
class Size:
    """A number of accounts, and of tickets and messages in each: two users an account, ten accounts a viewer."""

    accounts: int
    tickets: int
    messages: int

    @property
    def viewers(self) -> int:
        """How many people ask."""
        return self.accounts // VIEWERS_ACCOUNTS


SIZES: Final = {
    "smallest": Size(accounts=10, tickets=3, messages=64),
    "small": Size(accounts=100, tickets=20, messages=250),
    "medium": Size(accounts=1_000, tickets=20, messages=200),
    "full": Size(accounts=10_000, tickets=20, messages=100),  # 20k users, 200k tickets, 1M messages
}
