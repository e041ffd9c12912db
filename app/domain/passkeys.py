"""Keys that a device or a browser keeps for its user, as a proof of who that is."""

from collections.abc import Mapping

from tortoise.transactions import in_transaction

from app.domain import challenges
from app.domain.calls import Call
from app.domain.refusals import InvalidCode, InvalidInput
from app.kit import ceremonies, clock, parties
from app.kit.ceremonies import Key, Signature, Unproved
from app.kit.frozen import frozen
from app.kit.parties import Party
from models import ChallengePurpose, Passkey, User, key


@frozen
class PasskeyProof:
    """The answer to a challenge, as the browser has made it."""

    challenge_id: str
    credential: object


@frozen
class Ceremony:
    """A challenge, and what the browser has to be told to answer it."""

    challenge_id: str
    options: Mapping[str, object]


async def begin_proof(call: Call, user_id: str | None) -> Ceremony:
    """Ask a browser for a signature: of a key of this user, or of any that it has for this site."""
    party = party_of(call)
    known = [passkey.credential_id for passkey in await of_user(user_id)] if user_id else []
    challenge = await challenges.issue(call, ChallengePurpose.PROOF)
    options = ceremonies.request_options(party, challenge.challenge, known)
    return Ceremony(challenge.id, options)


async def prove(call: Call, proof: PasskeyProof, user_id: str | None) -> tuple[User, Passkey]:
    """Find whose key has answered a challenge: this user's, or, if None, that of whom the key itself names.

    Called outside a transaction, so that what was answered stays answered, whatever comes of it.
    """
    challenge = await challenges.use(proof.challenge_id, ChallengePurpose.PROOF)
    if challenge is None:
        raise InvalidCode("passkey")
    try:
        signature = ceremonies.read(proof.credential)
        async with in_transaction():
            passkey = await _signer(signature, user_id)
            await _take(party_of(call), challenge, signature, passkey)
    except Unproved as no:
        raise InvalidCode("passkey") from no
    return await User.get(id=passkey.user_id), passkey


async def of_user(user_id: str) -> list[Passkey]:
    """List a user's keys, the oldest first."""
    return await Passkey.filter(user_id=user_id).order_by("created_at", "id")


def party_of(call: Call) -> Party:
    """Say whom keys are made for: this site, by its name in the settings."""
    settings = call.site.settings
    party = parties.at(settings.app_url, settings.allowed_origins)
    if party is None:
        raise InvalidInput("Passkeys need a name for this server, as KEYFOB_APP_URL can give it.")
    return party


def handle_of(user_id: str) -> bytes:
    """Name a user to an authenticator, which hands it back with each signature."""
    return key.read("usr", user_id).bytes


async def _signer(signature: Signature, user_id: str | None) -> Passkey:
    rows = Passkey.filter(credential_id=signature.credential_id)
    passkey = await rows.select_for_update().first()
    if passkey is None or user_id not in {None, passkey.user_id}:
        raise Unproved
    if signature.handle is None and user_id is None:
        raise Unproved  # nobody was named, neither by us nor by the key
    if signature.handle not in {None, handle_of(passkey.user_id)}:
        raise Unproved
    return passkey


async def _take(party: Party, challenge: str, signature: Signature, passkey: Passkey) -> None:
    known = Key(passkey.credential_id, passkey.public_key, passkey.sign_count)
    passkey.sign_count = ceremonies.verify(party, challenge, signature, known)
    passkey.last_used_at = clock.now()
    await passkey.save(update_fields=["sign_count", "last_used_at"])
