"""Saying no."""

from enum import StrEnum
from typing import ClassVar

from models import Permission


class ErrorCode(StrEnum):
    """One vocabulary for `errors[].extensions.code`, `UserError.code` and the denial of an account context."""

    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"
    INVALID_INPUT = "INVALID_INPUT"
    RATE_LIMITED = "RATE_LIMITED"
    INTERNAL = "INTERNAL"
    ACCOUNT_REQUIRED = "ACCOUNT_REQUIRED"
    NOT_A_MEMBER = "NOT_A_MEMBER"
    MEMBERSHIP_SUSPENDED = "MEMBERSHIP_SUSPENDED"
    ACCOUNT_SUSPENDED = "ACCOUNT_SUSPENDED"
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"
    ACCESS_REVOKED = "ACCESS_REVOKED"
    STEP_UP_REQUIRED = "STEP_UP_REQUIRED"
    TWO_FACTOR_REQUIRED = "TWO_FACTOR_REQUIRED"
    EMAIL_NOT_VERIFIED = "EMAIL_NOT_VERIFIED"
    INVALID_CREDENTIALS = "INVALID_CREDENTIALS"
    INVALID_CODE = "INVALID_CODE"
    LOCKED_OUT = "LOCKED_OUT"
    LINK_EXPIRED = "LINK_EXPIRED"
    PASSWORD_TOO_WEAK = "PASSWORD_TOO_WEAK"  # noqa: S105  # a code, no password
    EMAIL_TAKEN = "EMAIL_TAKEN"
    ALREADY_A_MEMBER = "ALREADY_A_MEMBER"
    INVITE_NOT_PENDING = "INVITE_NOT_PENDING"
    INVITE_EMAIL_MISMATCH = "INVITE_EMAIL_MISMATCH"
    DOMAIN_NOT_ALLOWED = "DOMAIN_NOT_ALLOWED"
    CANNOT_GRANT_PERMISSION = "CANNOT_GRANT_PERMISSION"
    CANNOT_EDIT_SELF = "CANNOT_EDIT_SELF"
    OWNER_IS_IMMUTABLE = "OWNER_IS_IMMUTABLE"
    LIMIT_REACHED = "LIMIT_REACHED"
    STALE_VERSION = "STALE_VERSION"
    TICKET_LOCKED = "TICKET_LOCKED"
    QUERY_TOO_COMPLEX = "QUERY_TOO_COMPLEX"
    QUERY_TOO_DEEP = "QUERY_TOO_DEEP"
    BAD_REQUEST = "BAD_REQUEST"
    GRAPHQL_PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    GRAPHQL_VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    PAYLOAD_TOO_LARGE = "PAYLOAD_TOO_LARGE"
    ORIGIN_NOT_ALLOWED = "ORIGIN_NOT_ALLOWED"
    TIMED_OUT = "TIMED_OUT"
    UNAVAILABLE = "UNAVAILABLE"


class Refusal(Exception):
    """An expected no: told to whoever asked, never logged as a fault."""

    code: ClassVar[ErrorCode]
    says: ClassVar[str]

    def __init__(self, *path: str, **facts: object) -> None:
        self.path, self.facts = path, facts
        self.message = self.says.format(**facts)
        super().__init__(self.message)

    @property
    def details(self) -> dict[str, object]:
        """What is shown beside the code where a refusal is an entry of `errors`."""
        return {"path": list(self.path)} if self.path else {}


class SignInRequired(Refusal):
    """Nobody is signed in."""

    code = ErrorCode.UNAUTHENTICATED
    says = "Sign in first."


class SignInUnfinished(SignInRequired):
    """Somebody has begun to sign in: `how` tells what is missing."""

    says = "Finish signing in: {how}."


class InvalidInput(Refusal):
    """A value that cannot be taken."""

    code = ErrorCode.INVALID_INPUT
    says = "{reason}"

    def __init__(self, reason: str, *path: str) -> None:
        super().__init__(*path, reason=reason)


class NotFound(Refusal):
    """There is no such thing, or it is not the asker's to see: nobody can tell which."""

    code = ErrorCode.NOT_FOUND
    says = "There is no such {thing}."


class Forbidden(Refusal):
    """The asker may see the thing but not do this to it."""

    code = ErrorCode.FORBIDDEN
    says = "You may not do this here."

    def __init__(self, *requires: Permission) -> None:
        super().__init__()
        self.requires = requires

    @property
    def details(self) -> dict[str, object]:
        """The permissions that are missing, too."""
        return {**super().details, "requires": list(self.requires)}


class AccountRequired(Refusal):
    """No account was named, chosen or obvious."""

    code = ErrorCode.ACCOUNT_REQUIRED
    says = "Choose an account first: with switchAccount, or by naming one in the request."


class NotAMember(Refusal):
    """The account that was named is unknown, or not the asker's."""

    code = ErrorCode.NOT_A_MEMBER
    says = "You are not a member of this account."


class MembershipSuspended(Refusal):
    """The membership is suspended."""

    code = ErrorCode.MEMBERSHIP_SUSPENDED
    says = "Your access to this account is suspended. Ask its owner."


class AccountSuspended(Refusal):
    """The account is suspended: only its tickets can be used."""

    code = ErrorCode.ACCOUNT_SUSPENDED
    says = "This account is suspended: only its tickets can be used. Ask support."


class AccountClosed(Refusal):
    """The account is closed."""

    code = ErrorCode.ACCOUNT_CLOSED
    says = "This account is closed."


class AccessRevoked(Refusal):
    """What a stream was opened with is gone."""

    code = ErrorCode.ACCESS_REVOKED
    says = "You may no longer follow this."


class RateLimited(Refusal):
    """Too often; `retry_after` tells the seconds to wait."""

    code = ErrorCode.RATE_LIMITED
    says = "Too many attempts. Try again in {retry_after} s."

    def __init__(self, retry_after: int, *path: str) -> None:
        super().__init__(*path, retry_after=retry_after)
        self.retry_after = retry_after

    @property
    def details(self) -> dict[str, object]:
        """The seconds to wait, too."""
        return {**super().details, "retryAfterSeconds": self.retry_after}


class LockedOut(RateLimited):
    """Too many wrong guesses in a row: the sign-in is locked until then, or until the mailed link is followed."""

    code = ErrorCode.LOCKED_OUT
    says = (
        "This sign-in is locked. Follow the link that was mailed, or try again in {retry_after} s."
    )


class VerificationMethod(StrEnum):
    """By what somebody can prove who they are."""

    PASSWORD = "PASSWORD"  # noqa: S105  # a method, no password
    TOTP = "TOTP"
    RECOVERY_CODE = "RECOVERY_CODE"
    PASSKEY = "PASSKEY"


class StepUpRequired(Refusal):
    """The viewer has to prove again who they are: `methods` tells by what."""

    code = ErrorCode.STEP_UP_REQUIRED
    says = "Prove again that it is you, with verifyIdentity."

    def __init__(self, *methods: VerificationMethod, max_age: int) -> None:
        super().__init__()
        self.methods, self.max_age = methods, max_age

    @property
    def details(self) -> dict[str, object]:
        """The methods, and how long a proof counts in seconds, too."""
        return {**super().details, "methods": list(self.methods), "maxAgeSeconds": self.max_age}


class InvalidCode(Refusal):
    """A code, or the answer to a challenge, is wrong, used or too old."""

    code = ErrorCode.INVALID_CODE
    says = "This code is wrong, or was used already."


class TwoFactorRequired(Refusal):
    """The second factor is owed first; nothing has happened."""

    code = ErrorCode.TWO_FACTOR_REQUIRED
    says = "Add a code of your second factor."


class EmailNotVerified(Refusal):
    """One's own address has to be verified first."""

    code = ErrorCode.EMAIL_NOT_VERIFIED
    says = "Verify your own e-mail address first: {reason}."
