"""Making passkeys, signing in with them, removing them."""

import strawberry

from app.domain import access, own_passkeys, passkey_logins, passkeys
from app.domain.passkeys import PasskeyProof as Answer
from app.domain.refusals import ErrorCode
from models import AuditAction
from resolvers.carriers import SessionTransport
from resolvers.context import Info
from resolvers.declare import attribute, form, value
from resolvers.factors import PasskeyProof
from resolvers.operations import Payload, mutation
from resolvers.passkeys import Passkey
from resolvers.scalars import Json
from resolvers.signing_in import LoginPayload, signed_in

CREATION = "For `PublicKeyCredential.parseCreationOptionsFromJSON`."
REQUEST = "For `PublicKeyCredential.parseRequestOptionsFromJSON`."


@form
class LoginWithPasskeyInput:
    """Who signs in, as their passkey tells."""

    proof: PasskeyProof
    remember: bool = attribute(
        default=False, description="14 days without a request instead of 12 hours."
    )
    transport: SessionTransport = SessionTransport.BEARER


@form
class ConfirmPasskeySetupInput:
    """The new passkey, as `PublicKeyCredential.toJSON` writes it, and what its user calls it."""

    challenge_id: strawberry.ID
    credential: Json
    name: str

    def read(self) -> Answer:
        """Take it as the rule wants it."""
        return Answer(self.challenge_id, self.credential)


@form
class RemovePasskeyInput:
    """Which passkey."""

    passkey_id: strawberry.ID


@value
class BeginPasskeyProofPayload(Payload):
    """A challenge that any passkey of this site can answer once, within five minutes."""

    challenge_id: strawberry.ID | None = None
    options: Json | None = attribute(default=None, description=REQUEST)


@value
class BeginPasskeySetupPayload(Payload):
    """A challenge that a new passkey of the viewer can answer once, within five minutes."""

    challenge_id: strawberry.ID | None = None
    options: Json | None = attribute(default=None, description=CREATION)


@value
class ConfirmPasskeySetupPayload(Payload):
    """The passkey that can sign in from now on."""

    passkey: Passkey | None = None


@value
class RemovePasskeyPayload(Payload):
    """The passkey that is no more."""

    deleted_id: strawberry.ID | None = None


@value
class PasskeyMutations:
    """Ways to make and use passkeys."""

    @mutation(access.PUBLIC, AuditAction.USER_LOGGED_IN)
    async def begin_passkey_proof(self, info: Info) -> BeginPasskeyProofPayload | None:
        """Ask for the answer of a passkey: to sign in, as second factor, or to verify one's identity."""
        viewer = info.context.session
        begun = await passkeys.begin_proof(info.context.call, viewer.user.id if viewer else None)
        return BeginPasskeyProofPayload(
            challenge_id=strawberry.ID(begun.challenge_id), options=Json(begun.options)
        )

    @mutation(access.PUBLIC, AuditAction.USER_LOGGED_IN, fails=(ErrorCode.INVALID_CREDENTIALS,))
    async def login_with_passkey(
        self, info: Info, input: LoginWithPasskeyInput
    ) -> LoginPayload | None:
        """Sign in with nothing but a passkey; it counts as password and second factor."""
        context = info.context
        context.admit_transport(input.transport)
        proof, device = input.proof.read(), context.carrier.device
        opened = await passkey_logins.login(context.call, proof, device, remember=input.remember)
        return await signed_in(context, opened, input.transport)

    @mutation(
        access.STEPPED_UP,
        AuditAction.USER_PASSKEY_ADDED,
        fails=(ErrorCode.EMAIL_NOT_VERIFIED, ErrorCode.LIMIT_REACHED),
    )
    async def begin_passkey_setup(self, info: Info) -> BeginPasskeySetupPayload | None:
        """Ask for a new passkey; up to 20 for each user, whose address has to be verified."""
        begun = await own_passkeys.begin(info.context.viewer)
        return BeginPasskeySetupPayload(
            challenge_id=strawberry.ID(begun.challenge_id), options=Json(begun.options)
        )

    @mutation(
        access.STEPPED_UP,
        AuditAction.USER_PASSKEY_ADDED,
        fails=(ErrorCode.INVALID_CODE, ErrorCode.EMAIL_NOT_VERIFIED, ErrorCode.LIMIT_REACHED),
    )
    async def confirm_passkey_setup(
        self, info: Info, input: ConfirmPasskeySetupInput
    ) -> ConfirmPasskeySetupPayload | None:
        """Keep a new passkey, which can sign in from now on."""
        row = await own_passkeys.confirm(info.context.viewer, input.read(), input.name)
        return ConfirmPasskeySetupPayload(passkey=Passkey.of(row))

    @mutation(access.STEPPED_UP, AuditAction.USER_PASSKEY_REMOVED)
    async def remove_passkey(
        self, info: Info, input: RemovePasskeyInput
    ) -> RemovePasskeyPayload | None:
        """Forget a passkey; all other sessions end, since it may have opened them."""
        row = await own_passkeys.remove(info.context.viewer, input.passkey_id)
        return RemovePasskeyPayload(deleted_id=strawberry.ID(row.id))
