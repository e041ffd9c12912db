"""What still stands between a session and full access."""

from enum import StrEnum

from app.domain.acting import Acting, place_of
from app.domain.viewers import Viewer
from models import Membership, MembershipStatus


class SessionStep(StrEnum):
    """Something to do before, or soon after, one gets to work."""

    VERIFY_EMAIL = "VERIFY_EMAIL"
    SELECT_ACCOUNT = "SELECT_ACCOUNT"


async def of(viewer: Viewer) -> list[SessionStep]:
    """List the steps in their order; both are advice, they keep nobody out."""
    steps = []
    if viewer.user.email_verified_at is None:
        steps.append(SessionStep.VERIFY_EMAIL)
    if await default_place(viewer) is None and len(await _enterable(viewer)) > 1:
        steps.append(SessionStep.SELECT_ACCOUNT)
    return steps


async def default_place(viewer: Viewer) -> Acting | None:
    """Find the account that the session has chosen, if the viewer may still enter it."""
    account_id = viewer.session.account_id
    place = await place_of(viewer.user.id, account_id) if account_id else None
    acting = Acting.at(viewer, place) if place else None
    return acting if acting and acting.denial() is None else None


async def _enterable(viewer: Viewer) -> list[Acting]:
    rows = Membership.filter(user_id=viewer.user.id, status=MembershipStatus.ACTIVE)
    places = [Acting(viewer, row.account, row) for row in await rows.select_related("account")]
    return [acting for acting in places if acting.denial() is None]
