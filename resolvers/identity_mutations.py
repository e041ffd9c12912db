"""Proving who one is, and changing what one signs in with."""

import strawberry

from app.domain import identity, own_addresses, own_passwords
from app.domain.access import PUBLIC, SETTING_UP, STEPPED_UP, AccessLevel, Rule
from app.domain.identity import Evidence
from app.domain.refusals import ErrorCode, SignInRequired
from models import AuditAction
from resolvers.context import Info
from resolvers.declare import attribute, form, one_of, value
from resolvers.factors import PasskeyProof, TwoFactorProof
from resolvers.operations import Payload, mutation
from resolvers.sessions import Session
from resolvers.signing_in import LoginPayload, again, handed_over, signed_in
from resolvers.viewers import Viewer

PROVING = Rule(AccessLevel.SESSION, during=SETTING_UP)
CHANGING_PASSWORD = Rule(AccessLevel.SESSION, step_up=True, during=SETTING_UP)


@form
class VerifyTwoFactorInput:
    """The second factor."""

    proof: TwoFactorProof


@one_of
class VerifyIdentityInput:
    """One of the four; whoever has two-factor sign-in proves that, not the password."""

    password: str | None = strawberry.UNSET
    totp: str | None = strawberry.UNSET
    recovery_code: str | None = strawberry.UNSET
    passkey: PasskeyProof | None = strawberry.UNSET

    def read(self) -> Evidence:
        """Take it as the rule wants it."""
        if self.password is not None and self.password is not strawberry.UNSET:
            return Evidence(password=self.password)
        proof = TwoFactorProof(
            totp=self.totp, recovery_code=self.recovery_code, passkey=self.passkey
        )
        return Evidence(proof=proof.read())


@form
class ChangePasswordInput:
    """The password that was, and the one that shall be."""

    current_password: str
    new_password: str


@form
class ChangeEmailInput:
    """The address that shall be."""

    email: str


@value
class VerifyIdentityPayload(Payload):
    """The session, with a new secret; the old one lives 60 s more."""

    session: Session | None = None
    session_token: str | None = attribute(
        default=None, description="Once, if the secret came as a bearer."
    )


@value
class ChangePasswordPayload(Payload):
    """How many other sessions have ended."""

    revoked_count: int | None = None


@value
class ChangeEmailPayload(Payload):
    """The viewer, with `pendingEmail`."""

    me: Viewer | None = None


@value
class IdentityMutations:
    """Ways to prove who one is."""

    @mutation(
        PUBLIC,
        AuditAction.USER_LOGGED_IN,
        fails=(ErrorCode.INVALID_CODE, ErrorCode.LOCKED_OUT),
    )
    async def verify_two_factor(
        self, info: Info, input: VerifyTwoFactorInput
    ) -> LoginPayload | None:
        """Take the second step, when `pendingSteps` starts with VERIFY_TWO_FACTOR."""
        viewer = info.context.session
        if viewer is None:
            raise SignInRequired
        opened = await identity.verify_two_factor(viewer, input.proof.read())
        return await signed_in(info.context, opened, info.context.transport)

    @mutation(
        PROVING,
        AuditAction.IDENTITY_VERIFIED,
        fails=(ErrorCode.INVALID_CREDENTIALS, ErrorCode.INVALID_CODE, ErrorCode.LOCKED_OUT),
    )
    async def verify_identity(
        self, info: Info, input: VerifyIdentityInput
    ) -> VerifyIdentityPayload | None:
        """Step up: prove again who is there, and sensitive mutations work for ten minutes."""
        opened = await identity.verify(info.context.viewer, input.read())
        _, session, token = await handed_over(info.context, opened, info.context.transport)
        return VerifyIdentityPayload(session=session, session_token=token)

    @mutation(
        CHANGING_PASSWORD,
        AuditAction.USER_PASSWORD_CHANGED,
        fails=(ErrorCode.PASSWORD_TOO_WEAK, ErrorCode.INVALID_CREDENTIALS),
    )
    async def change_password(
        self, info: Info, input: ChangePasswordInput
    ) -> ChangePasswordPayload | None:
        """Change the password; all other sessions end."""
        viewer = info.context.viewer
        ended = await own_passwords.change(viewer, input.current_password, input.new_password)
        return ChangePasswordPayload(revoked_count=ended)

    @mutation(
        STEPPED_UP,
        AuditAction.USER_EMAIL_CHANGE_REQUESTED,
        fails=(ErrorCode.EMAIL_TAKEN, ErrorCode.RATE_LIMITED),
    )
    async def change_email(self, info: Info, input: ChangeEmailInput) -> ChangeEmailPayload | None:
        """Ask for another address: it counts once the link mailed there was followed; known ones alike, if PRIVATE."""
        await own_addresses.request(info.context.viewer, input.email)
        return ChangeEmailPayload(me=await again(info.context))
