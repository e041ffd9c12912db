"""Proving again, for what is sensitive, that it is still the same person."""

from datetime import timedelta

from app.domain.refusals import StepUpRequired, VerificationMethod
from app.domain.viewers import Viewer
from app.kit import clock

WINDOW = timedelta(minutes=10)
BY_FACTOR = (
    VerificationMethod.TOTP,
    VerificationMethod.RECOVERY_CODE,
    VerificationMethod.PASSKEY,
)
BY_PASSWORD = (VerificationMethod.PASSWORD, VerificationMethod.PASSKEY)


def require(viewer: Viewer) -> None:
    """Refuse unless the viewer has proved who they are within the last ten minutes."""
    until = viewer.session.elevated_until
    if until is None or until <= clock.now():
        raise StepUpRequired(*methods_of(viewer), max_age=int(WINDOW.total_seconds()))


def methods_of(viewer: Viewer) -> tuple[VerificationMethod, ...]:
    """Say by what the viewer can prove it: whoever has a second factor, by that."""
    return BY_FACTOR if viewer.user.has_two_factor else BY_PASSWORD
