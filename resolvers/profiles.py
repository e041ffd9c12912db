"""One's own address and profile."""

import strawberry

from app.domain import access, sessions, users, verification
from app.domain.refusals import ErrorCode
from models import AuditAction
from resolvers.context import Info
from resolvers.declare import attribute, form, value
from resolvers.operations import Payload, mutation
from resolvers.sessions import Session
from resolvers.signing_in import SIGNING_IN, LoginInput, again, handed_over
from resolvers.viewers import Viewer


@form
class VerifyEmailInput:
    """The secret of the mailed link, and who it is, if no session of theirs sends it."""

    token: str
    as_: LoginInput | None = attribute(
        default=None, name="as", description="Sign in in the same call."
    )


@form
class UpdateProfileInput:
    """What to change; what is absent or null stays."""

    first_name: str | None = strawberry.UNSET
    last_name: str | None = strawberry.UNSET
    locale: str | None = strawberry.UNSET
    time_zone: str | None = strawberry.UNSET


@value
class VerifyEmailPayload(Payload):
    """The viewer, whose address is verified."""

    me: Viewer | None = None
    session: Session | None = None
    session_token: str | None = attribute(
        default=None, description="Once, when a session was made and its transport is BEARER."
    )


@value
class RequestEmailVerificationPayload(Payload):
    """Nothing but errors."""


@value
class UpdateProfilePayload(Payload):
    """The viewer as they are now."""

    me: Viewer | None = None


@value
class ProfileMutations:
    """Ways to change what others see of the viewer, and to prove the address."""

    @mutation(
        access.PUBLIC,
        AuditAction.USER_EMAIL_VERIFIED,
        fails=(
            ErrorCode.LINK_EXPIRED,
            ErrorCode.EMAIL_TAKEN,
            *SIGNING_IN,
            ErrorCode.TWO_FACTOR_REQUIRED,
        ),
    )
    async def verify_email(self, info: Info, input: VerifyEmailInput) -> VerifyEmailPayload | None:
        """Verify an address by the secret of its link: only its own user can, signed in, or signing in (`as`)."""
        context, login = info.context, input.as_
        if login is None:
            await verification.confirm(context.viewer, input.token)
            mine = await again(context)
            return VerifyEmailPayload(me=mine, session=mine.session)
        context.admit_transport(login.transport)
        credentials = login.read(context.carrier.device)
        opened = await sessions.login_by_link(context.call, credentials, input.token)
        me, session, token = await handed_over(context, opened, login.transport)
        return VerifyEmailPayload(me=me, session=session, session_token=token)

    @mutation(access.SESSION, AuditAction.USER_EMAIL_VERIFIED, fails=(ErrorCode.RATE_LIMITED,))
    async def request_email_verification(
        self, info: Info
    ) -> RequestEmailVerificationPayload | None:
        """Mail the verification link again; older ones die."""
        await verification.request(info.context.viewer)
        return RequestEmailVerificationPayload()

    @mutation(access.SESSION, AuditAction.USER_PROFILE_UPDATED)
    async def update_profile(
        self, info: Info, input: UpdateProfileInput
    ) -> UpdateProfilePayload | None:
        """Change what the viewer says of themselves."""
        given = {name: typed for name, typed in vars(input).items() if isinstance(typed, str)}
        await users.update_profile(info.context.viewer, given)
        return UpdateProfilePayload(me=await again(info.context))
