"""Answers of passkeys (WebAuthn Level 3): what a browser is asked, and whether its answer fits."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

import orjson

from app.kit.frozen import frozen
from app.kit.later import Later
from app.kit.parties import Party

if TYPE_CHECKING:
    import webauthn
    from webauthn import helpers
    from webauthn.helpers import structs
else:
    webauthn, helpers, structs = map(
        Later, ("webauthn", "webauthn.helpers", "webauthn.helpers.structs")
    )

NAME = "Keyfob"
MINUTES = 5
LONGEST_ID = 1364  # 1023 bytes in base64url, the most that the standard allows


class Unproved(Exception):
    """An answer does not fit what was asked, or is none at all."""


@frozen
class Owner:
    """Whose a key is: a handle that tells nothing, and names for people to choose by."""

    handle: bytes
    name: str
    display_name: str


@frozen
class Key:
    """The public half of a key, and how often it has signed; many always say 0."""

    credential_id: str
    public_key: str
    sign_count: int


@frozen
class Signature:
    """What a key has signed: by which key, and for whom if it says so."""

    credential_id: str
    handle: bytes | None
    answer: "structs.AuthenticationCredential"


def creation_options(
    party: Party, owner: Owner, challenge: str, known: Iterable[str]
) -> Mapping[str, object]:
    """Ask for a new key, and none of those that are known: for `PublicKeyCredential.parseCreationOptionsFromJSON`."""
    options = webauthn.generate_registration_options(
        rp_id=party.domain,
        rp_name=NAME,
        user_id=owner.handle,
        user_name=owner.name,
        user_display_name=owner.display_name,
        challenge=helpers.base64url_to_bytes(challenge),
        timeout=MINUTES * 60_000,
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.PREFERRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    asked: Mapping[str, object] = orjson.loads(webauthn.options_to_json(options))
    return asked


def request_options(party: Party, challenge: str, known: Iterable[str]) -> Mapping[str, object]:
    """Ask for a signature of a known key, or of any if none is: for `parseRequestOptionsFromJSON`."""
    options = webauthn.generate_authentication_options(
        rp_id=party.domain,
        challenge=helpers.base64url_to_bytes(challenge),
        timeout=MINUTES * 60_000,
        allow_credentials=_descriptors(known),
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    asked: Mapping[str, object] = orjson.loads(webauthn.options_to_json(options))
    return asked


def created(party: Party, challenge: str, answer: object) -> Key:
    """Take a new key; who made it is not asked. Raises Unproved."""
    with _refusing():
        credential = helpers.parse_registration_credential_json(_object(answer))
        _refuse_frames(credential.response.client_data_json)
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=helpers.base64url_to_bytes(challenge),
            expected_rp_id=party.domain,
            expected_origin=list(party.origins),
            require_user_verification=True,
        )
        # A key that could never sign is refused now, and not at the first sign-in.
        helpers.decoded_public_key_to_cryptography(
            helpers.decode_credential_public_key(made.credential_public_key)
        )
    id = helpers.bytes_to_base64url(made.credential_id)
    if len(id) > LONGEST_ID or id != credential.id:
        raise Unproved
    return Key(id, helpers.bytes_to_base64url(made.credential_public_key), made.sign_count)


def read(answer: object) -> Signature:
    """Read which key an answer claims to be of, before that key is looked up. Raises Unproved."""
    with _refusing():
        credential = helpers.parse_authentication_credential_json(_object(answer))
    if len(credential.id) > LONGEST_ID:
        raise Unproved
    return Signature(credential.id, credential.response.user_handle or None, credential)


def verify(party: Party, challenge: str, signature: Signature, key: Key) -> int:
    """Check a signature against its key, whose count has to grow if it counts; the new count. Raises Unproved."""
    with _refusing():
        _refuse_frames(signature.answer.response.client_data_json)
        verified = webauthn.verify_authentication_response(
            credential=signature.answer,
            expected_challenge=helpers.base64url_to_bytes(challenge),
            expected_rp_id=party.domain,
            expected_origin=list(party.origins),
            credential_public_key=helpers.base64url_to_bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    return verified.new_sign_count


@contextmanager
def _refusing() -> Iterator[None]:
    """Take whatever goes wrong with an answer for a wrong answer: a stranger made it up, byte by byte."""
    try:
        yield
    except Exception as no:  # the library lets through what its parsers happen to raise
        raise Unproved from no


def _object(answer: object) -> dict[str, object]:
    if not isinstance(answer, dict):
        raise Unproved
    return answer


def _refuse_frames(client_data: bytes) -> None:
    """Refuse what was made in a frame of another site: our pages are in nobody's."""
    if helpers.parse_client_data_json(client_data).cross_origin:
        raise Unproved


def _descriptors(ids: Iterable[str]) -> "list[structs.PublicKeyCredentialDescriptor]":
    return [structs.PublicKeyCredentialDescriptor(id=helpers.base64url_to_bytes(id)) for id in ids]
