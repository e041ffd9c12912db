"""Getting back in, and ending what is signed in elsewhere."""

from datetime import datetime

import strawberry

from app.domain import own_sessions, recovery, throttling
from app.domain.access import PUBLIC, SESSION
from app.domain.recovery import Reset
from app.domain.refusals import ErrorCode
from models import AuditAction
from resolvers.context import Info
from resolvers.declare import attribute, form, value
from resolvers.factors import TwoFactorProof, read_proof
from resolvers.operations import Payload, mutation, query
from resolvers.sessions import Session


@form
class RequestPasswordResetInput:
    """Whose password was forgotten."""

    email: str


@form
class ResetPasswordInput:
    """The secret of the link, the new password, and what passwordResetPreview asks for."""

    token: str
    new_password: str
    security_answer: str | None = attribute(default=None, description="When a question is set.")
    two_factor: TwoFactorProof | None = attribute(
        default=None, description="When two-factor sign-in is on."
    )


@form
class UnlockSignInInput:
    """The secret of the mailed link."""

    token: str


@form
class RevokeSessionInput:
    """Which session."""

    session_id: strawberry.ID


@value
class PasswordResetPreview:
    """What a reset link asks for."""

    masked_email: str
    question: str | None
    requires_two_factor: bool
    expires_at: datetime


@value
class RequestPasswordResetPayload(Payload):
    """Nothing but errors; the same for known and unknown addresses."""


@value
class ResetPasswordPayload(Payload):
    """Nothing but errors; sign in with the new password."""


@value
class UnlockSignInPayload(Payload):
    """Nothing but errors."""


@value
class RevokeSessionPayload(Payload):
    """The session that has ended."""

    session: Session | None = None


@value
class RevokeOtherSessionsPayload(Payload):
    """How many have ended."""

    revoked_count: int | None = None


@value
class RecoveryQueries:
    """Questions of who has forgotten the password."""

    @query(PUBLIC)
    async def password_reset_preview(self, token: str) -> PasswordResetPreview | None:
        """What a reset link asks for. Null for tokens that cannot be used; looking changes nothing."""
        seen = await recovery.preview(token)
        if seen is None:
            return None
        return PasswordResetPreview(
            masked_email=seen.masked_email,
            question=seen.question,
            requires_two_factor=seen.requires_two_factor,
            expires_at=seen.expires_at,
        )


@value
class RecoveryMutations:
    """Ways back in, and out."""

    @mutation(PUBLIC, AuditAction.USER_PASSWORD_RESET_REQUESTED)
    async def request_password_reset(
        self, info: Info, input: RequestPasswordResetInput
    ) -> RequestPasswordResetPayload | None:
        """Mail a link that sets a new password, if the address has a user; the answer never tells."""
        await recovery.request(info.context.call, input.email)
        return RequestPasswordResetPayload()

    @mutation(
        PUBLIC,
        AuditAction.USER_PASSWORD_CHANGED,
        fails=(
            ErrorCode.LINK_EXPIRED,
            ErrorCode.PASSWORD_TOO_WEAK,
            ErrorCode.TWO_FACTOR_REQUIRED,
            ErrorCode.INVALID_CREDENTIALS,
            ErrorCode.INVALID_CODE,
            ErrorCode.LOCKED_OUT,
        ),
    )
    async def reset_password(
        self, info: Info, input: ResetPasswordInput
    ) -> ResetPasswordPayload | None:
        """Set a new password by the secret of the link; all sessions end, and nobody is signed in by it."""
        proof = read_proof(input.two_factor)
        given = Reset(input.token, input.new_password, input.security_answer, proof)
        await recovery.reset(info.context.call, given)
        return ResetPasswordPayload()

    @mutation(PUBLIC, AuditAction.USER_UNLOCKED, fails=(ErrorCode.LINK_EXPIRED,))
    async def unlock_sign_in(
        self, info: Info, input: UnlockSignInInput
    ) -> UnlockSignInPayload | None:
        """Open a locked sign-in with the secret of the mailed link."""
        await throttling.unlock(info.context.call, input.token)
        return UnlockSignInPayload()

    @mutation(SESSION, AuditAction.SESSION_REVOKED)
    async def revoke_session(
        self, info: Info, input: RevokeSessionInput
    ) -> RevokeSessionPayload | None:
        """End one of the viewer's sessions: it is dead at once, on open sockets too."""
        viewer = info.context.viewer
        ended = await own_sessions.revoke(viewer, input.session_id)
        return RevokeSessionPayload(session=Session.one(viewer, ended))

    @mutation(SESSION, AuditAction.SESSION_REVOKED)
    async def revoke_other_sessions(self, info: Info) -> RevokeOtherSessionsPayload | None:
        """End all of the viewer's sessions but this one, and forget their devices."""
        ended = await own_sessions.revoke_others(info.context.viewer)
        return RevokeOtherSessionsPayload(revoked_count=ended)
