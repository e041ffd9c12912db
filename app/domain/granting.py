"""Nobody gives what they do not hold."""

from app.domain import access
from app.domain.acting import Acting
from app.domain.refusals import ErrorCode, Refusal
from models import EVERYTHING, OperatorRole, Permission, Permissions
from models.permission import effective, in_order

MANAGING = access.member(Permission.MANAGE_USERS, staff=OperatorRole.ADMIN)


class CannotGrant(Refusal):
    """The permissions that are missing are in `requires`."""

    code = ErrorCode.CANNOT_GRANT_PERMISSION
    says = "You cannot give or take what you do not hold yourself: {missing}."

    def __init__(self, requires: Permissions, *path: str) -> None:
        self.requires = in_order(requires)
        super().__init__(*path, missing=", ".join(self.requires))


def manage(acting: Acting) -> None:
    """Refuse unless the viewer may decide who works in the account."""
    MANAGING.admit(acting.viewer, acting)


def grant(acting: Acting, wanted: Permissions, *path: str, held: Permissions = frozenset()) -> None:
    """Refuse to give more than the viewer may; what the other one holds already is not given."""
    if missing := wanted - held - acting.grantable:
        raise CannotGrant(missing, *path)


def outrank(acting: Acting, held: Permissions) -> None:
    """Refuse to touch somebody who holds more than the viewer does."""
    mine = EVERYTHING if acting.viewer.ranks(OperatorRole.ADMIN) else acting.permissions
    if missing := effective(held) - mine:
        raise CannotGrant(missing)
