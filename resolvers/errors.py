"""How an expected no is shown: one type a code, all of one interface."""

from typing import Final

from app.domain.granting import CannotGrant
from app.domain.joining import InviteEmailMismatch
from app.domain.members import StaleVersion
from app.domain.refusals import (
    ErrorCode,
    Forbidden,
    RateLimited,
    Refusal,
    StepUpRequired,
    VerificationMethod,
)
from models import Permission
from resolvers.declare import attribute, interface, named, value, words
from resolvers.scalars import EmailAddress

words(ErrorCode)
words(VerificationMethod)


@interface
class UserError:
    """Why something was refused; one type a code.

    ValidationError: INVALID_INPUT, PASSWORD_TOO_WEAK, EMAIL_TAKEN, INVALID_CREDENTIALS, INVALID_CODE,
    DOMAIN_NOT_ALLOWED. PermissionError: FORBIDDEN, CANNOT_GRANT_PERMISSION. NotFoundError: NOT_FOUND.
    RateLimitedError: RATE_LIMITED, LOCKED_OUT. Step-up, mismatch and version have their own. StateError: the rest.
    """

    code: ErrorCode
    message: str = attribute(description="For people.")
    path: list[str] = attribute(
        description='Where in `input`, as ["email"]. Empty when not about one field.'
    )


@value
class ValidationError(UserError):
    """Something in the input cannot be taken."""


@named("PermissionError")
class MissingPermission(UserError):
    """The viewer may see the thing but not do this to it."""

    requires: list[Permission]


@value
class StateError(UserError):
    """Things are not as this would need them."""


@value
class NotFoundError(UserError):
    """There is no such thing, or it is not the viewer's to see."""


@value
class RateLimitedError(UserError):
    """Too often."""

    retry_after_seconds: int


@value
class StepUpRequiredError(UserError):
    """Recent proof of identity is needed: verifyIdentity by one of the methods, then again."""

    methods: list[VerificationMethod]
    max_age_seconds: int


@value
class InviteEmailMismatchError(UserError):
    """Signed in under another address than was invited: show both, then retry with `confirmDifferentEmail`."""

    masked_email: str
    viewer_email: EmailAddress
    can_confirm: bool


@value
class StaleVersionError(UserError):
    """Somebody else has changed it meanwhile."""

    current_version: int


ERRORS: Final = (
    ValidationError,
    MissingPermission,
    StateError,
    NotFoundError,
    RateLimitedError,
    StepUpRequiredError,
    InviteEmailMismatchError,
    StaleVersionError,
)
VALIDATION: Final = {
    ErrorCode.INVALID_INPUT,
    ErrorCode.PASSWORD_TOO_WEAK,
    ErrorCode.EMAIL_TAKEN,
    ErrorCode.INVALID_CREDENTIALS,
    ErrorCode.INVALID_CODE,
    ErrorCode.DOMAIN_NOT_ALLOWED,
}


def error_of(no: Refusal) -> UserError:
    """Show a refusal as data."""
    code, message, path = no.code, no.message, list(no.path)
    match no:
        case Forbidden() | CannotGrant():
            return MissingPermission(
                code=code, message=message, path=path, requires=list(no.requires)
            )
        case RateLimited():
            return RateLimitedError(
                code=code, message=message, path=path, retry_after_seconds=no.retry_after
            )
        case StepUpRequired():
            return StepUpRequiredError(
                code=code,
                message=message,
                path=path,
                methods=list(no.methods),
                max_age_seconds=no.max_age,
            )
        case InviteEmailMismatch():
            return InviteEmailMismatchError(
                code=code,
                message=message,
                path=path,
                masked_email=no.masked,
                viewer_email=EmailAddress(no.email),
                can_confirm=no.can_confirm,
            )
        case StaleVersion():
            return StaleVersionError(
                code=code, message=message, path=path, current_version=no.current
            )
        case _:
            return _plain(code)(code=code, message=message, path=path)


def _plain(code: ErrorCode) -> type[ValidationError | NotFoundError | StateError]:
    if code in VALIDATION:
        return ValidationError
    return NotFoundError if code is ErrorCode.NOT_FOUND else StateError
