"""What still stands between a session and full access."""

from enum import StrEnum
from typing import NoReturn

from app.domain.acting import Acting, place_of
from app.domain.refusals import SignInRequired, SignInUnfinished
from app.domain.viewers import Viewer
from models import Membership, MembershipStatus


class SessionStep(StrEnum):
    """Something to do before, or soon after, one gets to work; in their order."""

    VERIFY_TWO_FACTOR = "VERIFY_TWO_FACTOR"
    SET_UP_TWO_FACTOR = "SET_UP_TWO_FACTOR"
    VERIFY_EMAIL = "VERIFY_EMAIL"
    CHANGE_PASSWORD = "CHANGE_PASSWORD"  # noqa: S105  # a step, no password
    SELECT_ACCOUNT = "SELECT_ACCOUNT"


Steps = frozenset[SessionStep]
HOW = {
    SessionStep.VERIFY_TWO_FACTOR: "verify your second factor (verifyTwoFactor)",
    SessionStep.SET_UP_TWO_FACTOR: "set up a second factor (verifyIdentity, beginTwoFactorSetup)",
    SessionStep.CHANGE_PASSWORD: "change your password (verifyIdentity, changePassword)",
}


def owed(viewer: Viewer) -> Steps:
    """Say what keeps a session pending: until it is done, the viewer is nobody."""
    user, session = viewer.user, viewer.session
    steps = set()
    if user.has_two_factor and session.two_factor_verified_at is None:
        steps.add(SessionStep.VERIFY_TWO_FACTOR)
    asks_staff = viewer.call.site.settings.operator_two_factor
    if asks_staff and viewer.operator is not None and not user.has_two_factor:
        steps.add(SessionStep.SET_UP_TWO_FACTOR)
    if user.must_change_password:
        steps.add(SessionStep.CHANGE_PASSWORD)
    return frozenset(steps)


def refuse(viewer: Viewer | None) -> NoReturn:
    """Refuse who is not signed in, or not yet: what is missing first is named."""
    steps = owed(viewer) if viewer else frozenset()
    raise (
        SignInUnfinished(how=HOW[min(steps, key=[*SessionStep].index)]) if steps else SignInRequired
    )


async def of(viewer: Viewer) -> list[SessionStep]:
    """List all steps in their order; beyond what is owed they are advice, and keep nobody out."""
    steps = set(owed(viewer))
    if viewer.user.email_verified_at is None:
        steps.add(SessionStep.VERIFY_EMAIL)
    if await default_place(viewer) is None and len(await _enterable(viewer)) > 1:
        steps.add(SessionStep.SELECT_ACCOUNT)
    return [step for step in SessionStep if step in steps]


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
