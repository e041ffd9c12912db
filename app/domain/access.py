"""Who may do what: the rules that fields declare, as one policy."""

from enum import StrEnum
from typing import Final

from app.domain import stepping_up
from app.domain.acting import Acting
from app.domain.refusals import AccountRequired, Forbidden, SignInRequired
from app.domain.session_steps import SessionStep, Steps
from app.domain.viewers import Viewer
from app.kit.frozen import frozen
from models import OperatorRole, Permission


class AccessLevel(StrEnum):
    """Who may use a field, short of a permission."""

    PUBLIC = "PUBLIC"
    SIGNED_IN = "SIGNED_IN"
    SESSION = "SESSION"
    MEMBER = "MEMBER"
    OWNER = "OWNER"
    OPERATOR = "OPERATOR"
    ADMIN = "ADMIN"


# Asked of every guarded field: names, for the reason that `acting` tells.
ANYBODY: Final = AccessLevel.PUBLIC
OWNERS: Final = AccessLevel.OWNER
ACCOUNT_LEVELS: Final = frozenset({AccessLevel.MEMBER, AccessLevel.OWNER})
STAFF_LEVELS: Final = frozenset({AccessLevel.OPERATOR, AccessLevel.ADMIN})


@frozen
class Rule:
    """Who may use a field or find an object: a level, what it takes beyond that, and who passes besides."""

    level: AccessLevel
    permission: Permission | None = None
    staff: OperatorRole | None = None
    own: bool = False
    step_up: bool = False
    during: Steps = frozenset()

    @property
    def is_about_an_account(self) -> bool:
        """Whether the rule can only be asked of somebody at work in an account."""
        return self.level in ACCOUNT_LEVELS

    def admit(
        self, viewer: Viewer | None, acting: Acting | None = None, *, own: bool = False
    ) -> None:
        """Refuse unless the rule is met; `own` tells that the object is about the viewer."""
        level = self.level
        if level is ANYBODY:
            return
        if viewer is None:
            raise SignInRequired
        if self.step_up:
            stepping_up.require(viewer)
        if (own and self.own) or (self.staff and viewer.operator and viewer.ranks(self.staff)):
            return
        if level in ACCOUNT_LEVELS:
            if acting is None:
                raise AccountRequired
            acting.enter()
            if level is OWNERS and not acting.is_owner:
                raise Forbidden
            if self.permission is not None:
                acting.require(self.permission)
        elif level in STAFF_LEVELS:
            _admit_staff(viewer, level)


def _admit_staff(viewer: Viewer, level: AccessLevel) -> None:
    wanted = OperatorRole.ADMIN if level is AccessLevel.ADMIN else OperatorRole.AGENT
    if not viewer.ranks(wanted):
        raise Forbidden


PUBLIC = Rule(AccessLevel.PUBLIC)
SIGNED_IN = Rule(AccessLevel.SIGNED_IN)
SESSION = Rule(AccessLevel.SESSION)
STEPPED_UP = Rule(AccessLevel.SESSION, step_up=True)
SETTING_UP = frozenset({SessionStep.SET_UP_TWO_FACTOR, SessionStep.CHANGE_PASSWORD})
STAFF = Rule(AccessLevel.OPERATOR)
MEMBER = Rule(AccessLevel.MEMBER)


def member(permission: Permission, *, staff: OperatorRole | None = None, own: bool = False) -> Rule:
    """Admit members with a permission, and whoever passes besides."""
    return Rule(AccessLevel.MEMBER, permission, staff, own)
