"""What of signing in its user may see."""

from datetime import datetime
from typing import Self

from models import User as UserRow
from resolvers.declare import value


@value
class TwoFactorStatus:
    """Whether signing in asks for a second factor."""

    enabled: bool
    enabled_at: datetime | None
    recovery_codes_left: int


@value
class SecurityQuestion:
    """The question that is asked in a password reset; the answer is never shown."""

    question: str
    set_at: datetime

    @classmethod
    def of(cls, user: UserRow) -> Self | None:
        """Show a user's question, if there is one."""
        if user.question is None or user.question_set_at is None:
            return None
        return cls(question=user.question, set_at=user.question_set_at)
