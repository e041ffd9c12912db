"""Signing in and out, and one's own profile."""

import strawberry

from app.domain import access, sessions, users, verification
from app.domain.refusals import ErrorCode
from app.domain.sessions import Credentials, Opened
from app.domain.users import Registration
from models import AuditAction
from resolvers.context import Context, Info, SessionTransport
from resolvers.declare import attribute, form, value, words
from resolvers.operations import Payload, mutation
from resolvers.sessions import Session
from resolvers.viewers import Viewer

words(
    SessionTransport,
    {
        "BEARER": "Handed back once, as `sessionToken`; sent as `Authorization: Bearer …`.",
        "COOKIE": "Set as a cookie that scripts cannot read, and never part of an answer.",
    },
)


@form
class RegisterInput:
    """Who registers."""

    email: str
    password: str
    first_name: str
    last_name: str
    locale: str | None = None
    transport: SessionTransport = SessionTransport.BEARER

    def read(self) -> Registration:
        """Take it as the rule wants it."""
        return Registration(self.email, self.password, self.first_name, self.last_name, self.locale)


@form
class LoginInput:
    """Who signs in."""

    email: str
    password: str
    remember: bool = attribute(
        default=False, description="14 days without a request instead of 12 hours."
    )
    transport: SessionTransport = SessionTransport.BEARER

    def read(self) -> Credentials:
        """Take it as the rule wants it."""
        return Credentials(self.email, self.password, self.remember)


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
class RegisterPayload(Payload):
    """A new user, signed in."""

    me: Viewer | None = None
    session: Session | None = None
    session_token: str | None = attribute(
        default=None, description="Once, if the transport is BEARER."
    )


@value
class LoginPayload(Payload):
    """The session that was opened."""

    me: Viewer | None = None
    session: Session | None = None
    session_token: str | None = attribute(
        default=None, description="Once, if the transport is BEARER."
    )


@value
class LogoutPayload(Payload):
    """Nothing but errors."""


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
class SigningInMutations:
    """Ways to sign in and out."""

    @mutation(
        access.PUBLIC,
        AuditAction.USER_REGISTERED,
        fails=(ErrorCode.PASSWORD_TOO_WEAK, ErrorCode.EMAIL_TAKEN),
    )
    async def register(self, info: Info, input: RegisterInput) -> RegisterPayload | None:
        """Make a user, and sign them in; a link that verifies the address is mailed."""
        info.context.admit_transport(input.transport)
        opened = await users.register(info.context.call, input.read())
        me, session, token = await handed_over(info.context, opened, input.transport)
        return RegisterPayload(me=me, session=session, session_token=token)

    @mutation(access.PUBLIC, AuditAction.USER_LOGGED_IN, fails=(ErrorCode.INVALID_CREDENTIALS,))
    async def login(self, info: Info, input: LoginInput) -> LoginPayload | None:
        """Sign in: a new session with a new secret, each time."""
        info.context.admit_transport(input.transport)
        opened = await sessions.login(info.context.call, input.read())
        me, session, token = await handed_over(info.context, opened, input.transport)
        return LoginPayload(me=me, session=session, session_token=token)

    @mutation(access.PUBLIC, AuditAction.USER_LOGGED_OUT)
    async def logout(self, info: Info) -> LogoutPayload | None:
        """End this session: it is dead at once, on open sockets too. Nothing to do for who is not signed in."""
        if info.context.found is not None:
            await sessions.logout(info.context.found)
        await info.context.forget()
        return LogoutPayload()

    @mutation(
        access.PUBLIC,
        AuditAction.USER_EMAIL_VERIFIED,
        fails=(ErrorCode.LINK_EXPIRED, ErrorCode.INVALID_CREDENTIALS),
    )
    async def verify_email(self, info: Info, input: VerifyEmailInput) -> VerifyEmailPayload | None:
        """Verify an address by the secret of its link: only its own user can, signed in, or signing in (`as`)."""
        context, login = info.context, input.as_
        if login is None:
            await verification.confirm(context.viewer, input.token)
            me = await again(context)
            return VerifyEmailPayload(me=me, session=me.session)
        context.admit_transport(login.transport)
        opened = await sessions.login_by_link(context.call, login.read(), input.token)
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


async def handed_over(
    context: Context, opened: Opened, transport: SessionTransport
) -> tuple[Viewer, Session, str | None]:
    """Go on as the user of a new session: the viewer, the session, and its secret for who carries it themselves."""
    token = await context.hand_over(opened, transport)
    return Viewer.of(context.viewer), Session.of(context.viewer), token


async def again(context: Context) -> Viewer:
    """Read the viewer again, who was changed."""
    await context.prepare()
    return Viewer.of(context.viewer)
