"""Reading invites: those of an account, and those to the viewer."""

from typing import Final

from tortoise.expressions import Q

from app.database import statements
from app.database.paging import Listing, Order
from app.domain import faces
from app.domain.viewers import Viewer
from app.kit import clock
from app.kit.frozen import frozen
from models import Invite, InviteStatus

NEWEST: Final = Order("invites", "created_at", descending=True)
COLUMNS: Final = {
    **statements.whole(Invite, "invite"),
    **faces.account("account"),
    **faces.user("invited_by"),
    **faces.operator("invited_by_operator"),
    **faces.user("accepted_by"),
    "mail.delivery": "mail__delivery",
    "mail.error": "mail__error",
}


@frozen
class InviteSearch:
    """Which invites to list."""

    text: str | None = None
    status: tuple[InviteStatus, ...] = (InviteStatus.PENDING,)


def of_accounts(search: InviteSearch) -> Listing:
    """List the invites of accounts, the newest on top."""
    rows = Invite.filter(Q(*map(_in, search.status), join_type="OR"))
    if search.text:
        rows = rows.filter(email__icontains=search.text)
    return Listing(rows, NEWEST, COLUMNS, "account_id")


def to(viewer: Viewer) -> Listing:
    """List the pending invites to the viewer's verified address; an unverified one has none."""
    verified = viewer.user.email_verified_at is not None
    rows = Invite.filter(
        _in(InviteStatus.PENDING), email_key=viewer.user.email_key if verified else ""
    )
    return Listing(rows, NEWEST, COLUMNS)


def _in(status: InviteStatus) -> Q:
    now = clock.now()
    alive = Q(expires_at__gt=now) & (
        Q(membership_expires_at__isnull=True) | Q(membership_expires_at__gt=now)
    )
    match status:
        case InviteStatus.PENDING:
            return Q(status=InviteStatus.PENDING) & alive
        case InviteStatus.EXPIRED:
            return Q(status=InviteStatus.PENDING) & ~alive
        case _:
            return Q(status=status)
