"""Proving the second factor, as inputs."""

import strawberry

from app.domain.factors import Proof
from app.domain.passkeys import PasskeyProof as Answer
from resolvers.declare import form, one_of
from resolvers.scalars import Json


@form
class PasskeyProof:
    """The answer of a passkey to a challenge of beginPasskeyProof."""

    challenge_id: strawberry.ID
    credential: Json

    def read(self) -> Answer:
        """Take it as the rule wants it."""
        return Answer(self.challenge_id, self.credential)


@one_of
class TwoFactorProof:
    """One of the three."""

    totp: str | None = strawberry.UNSET
    recovery_code: str | None = strawberry.UNSET
    passkey: PasskeyProof | None = strawberry.UNSET

    def read(self) -> Proof:
        """Take it as the rule wants it."""
        passkey = self.passkey.read() if self.passkey else None
        return Proof(self.totp or None, self.recovery_code or None, passkey)


def read_proof(proof: TwoFactorProof | None) -> Proof | None:
    """Take a proof that may be left out."""
    return proof.read() if proof else None
