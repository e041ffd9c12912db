"""Signing in and out, and one's own profile."""

from app.domain import access, sessions, users
from app.domain.refusals import ErrorCode
from app.domain.sessions import Credentials, Opened
from app.domain.users import Registration
from models import AuditAction
from resolvers.carriers import SessionTransport
from resolvers.context import Context, Info
from resolvers.declare import attribute, form, value, words
from resolvers.factors import TwoFactorProof, read_proof
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
SIGNING_IN = (ErrorCode.INVALID_CREDENTIALS, ErrorCode.INVALID_CODE, ErrorCode.LOCKED_OUT)


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
    device_token: str | None = attribute(
        default=None,
        description="From an earlier sign-in of this device, for bearer clients: never throttled by strangers.",
    )
    two_factor: TwoFactorProof | None = attribute(
        default=None, description="Or in a second step, with verifyTwoFactor."
    )
    transport: SessionTransport = SessionTransport.BEARER

    def read(self, device: str | None) -> Credentials:
        """Take it as the rule wants it; `device` is what a cookie says of the device."""
        token = self.device_token or device
        proof = read_proof(self.two_factor)
        return Credentials(self.email, self.password, self.remember, proof, token)


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
    """The session that was opened: pending, and `me` null, while a step is owed."""

    me: Viewer | None = None
    session: Session | None = None
    session_token: str | None = attribute(
        default=None, description="Once, if the transport is BEARER."
    )
    device_token: str | None = attribute(
        default=None, description="Once, if the transport is BEARER: keep it for the next sign-in."
    )


@value
class LogoutPayload(Payload):
    """Nothing but errors."""


@value
class SigningInMutations:
    """Ways to sign in and out."""

    @mutation(
        access.PUBLIC,
        AuditAction.USER_REGISTERED,
        fails=(ErrorCode.PASSWORD_TOO_WEAK, ErrorCode.EMAIL_TAKEN),
    )
    async def register(self, info: Info, input: RegisterInput) -> RegisterPayload | None:
        """Make a user, sign them in, and mail a link that verifies the address; only that mail, if PRIVATE."""
        info.context.admit_transport(input.transport)
        opened = await users.register(info.context.call, input.read())
        if opened is None:
            return RegisterPayload()
        me, session, token = await handed_over(info.context, opened, input.transport)
        return RegisterPayload(me=me, session=session, session_token=token)

    @mutation(access.PUBLIC, AuditAction.USER_LOGGED_IN, fails=SIGNING_IN)
    async def login(self, info: Info, input: LoginInput) -> LoginPayload | None:
        """Sign in: a new session with a new secret, each time; the one that the request came with ends."""
        info.context.admit_transport(input.transport)
        opened = await sessions.login(info.context.call, input.read(info.context.carrier.device))
        return await signed_in(info.context, opened, input.transport)

    @mutation(access.PUBLIC, AuditAction.USER_LOGGED_OUT)
    async def logout(self, info: Info) -> LogoutPayload | None:
        """End this session: it is dead at once, on open sockets too. Nothing to do for who is not signed in."""
        if info.context.session is not None:
            await sessions.logout(info.context.session)
        await info.context.forget()
        return LogoutPayload()


async def handed_over(
    context: Context, opened: Opened, transport: SessionTransport
) -> tuple[Viewer | None, Session | None, str | None]:
    """Go on with a session: who it is of, if it owes nothing, the session, and its secret for who carries it."""
    token = await context.hand_over(opened, transport)
    me = Viewer.of(context.found) if context.found else None
    return me, Session.of(context.session) if context.session else None, token


async def signed_in(context: Context, opened: Opened, transport: SessionTransport) -> LoginPayload:
    """Answer a sign-in."""
    me, session, token = await handed_over(context, opened, transport)
    device = opened.device_token if transport is SessionTransport.BEARER else None
    return LoginPayload(me=me, session=session, session_token=token, device_token=device)


async def again(context: Context) -> Viewer:
    """Read the viewer again, who was changed."""
    await context.prepare()
    return Viewer.of(context.viewer)
