"""Sessions, as their user sees them."""

from datetime import datetime
from typing import Self

import strawberry

import models
from app.domain import session_steps
from app.domain.access import AccessLevel, Rule
from app.domain.session_steps import SessionStep
from app.domain.viewers import Viewer
from models import SessionStatus
from resolvers.accounts import Account
from resolvers.context import Info
from resolvers.declare import attribute, fetched, node, words
from resolvers.devices import Device
from resolvers.people import Node
from resolvers.scalars import IPAddress

SEEING = Rule(AccessLevel.SESSION, own=True)
words(SessionStatus)
words(
    SessionStep,
    {
        "VERIFY_TWO_FACTOR": "Owed: verifyTwoFactor.",
        "SET_UP_TWO_FACTOR": "Owed by staff: verifyIdentity, then beginTwoFactorSetup and confirmTwoFactorSetup.",
        "CHANGE_PASSWORD": "Owed: verifyIdentity, then changePassword.",
        "VERIFY_EMAIL": "Advice: open the link that was mailed.",
        "SELECT_ACCOUNT": "Advice: choose an account with switchAccount, or name one in each request.",
    },
)


@node(SEEING)
class Session(Node):
    """A signed-in device."""

    id: strawberry.ID
    viewer: strawberry.Private[Viewer]
    is_current: bool
    status: SessionStatus
    device: Device
    ip: IPAddress | None
    created_at: datetime
    last_active_at: datetime
    expires_at: datetime
    two_factor_verified_at: datetime | None
    elevated_until: datetime | None = attribute(
        description="Sensitive mutations work until then (verifyIdentity)."
    )

    @fetched(optional=True)
    async def pending_steps(self, info: Info) -> list[SessionStep]:
        """What still stands between this session and full access, in order."""
        return await session_steps.of(self.viewer)

    @fetched(optional=True)
    async def default_account(self, info: Info) -> Account | None:
        """Set by switchAccount; a request may name another. Null once access to it was lost."""
        if session_steps.owed(self.viewer):
            return None
        acting = await session_steps.default_place(self.viewer)
        return Account.seen(acting) if acting else None

    @classmethod
    def of(cls, viewer: Viewer) -> Self:
        """Show the viewer's own session."""
        return cls.one(viewer, viewer.session)

    @classmethod
    def one(cls, viewer: Viewer, row: models.Session) -> Self:
        """Show one of the viewer's sessions."""
        shown = Viewer(viewer.call, viewer.user, row, viewer.operator)
        return cls(
            id=strawberry.ID(row.id),
            viewer=shown,
            is_current=row.id == viewer.session.id,
            status=_status(shown),
            device=Device.of(row.user_agent),
            ip=IPAddress(row.ip) if row.ip else None,
            created_at=row.created_at,
            last_active_at=row.last_active_at,
            expires_at=min(row.expires_at, row.idle_until),
            two_factor_verified_at=row.two_factor_verified_at,
            elevated_until=row.elevated_until,
        )


def _status(viewer: Viewer) -> SessionStatus:
    if viewer.session.status is not SessionStatus.ACTIVE:
        return viewer.session.status
    return SessionStatus.PENDING if session_steps.owed(viewer) else SessionStatus.ACTIVE
