"""An authenticator made of software, which can be told to do what no honest one does."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from secrets import token_bytes
from struct import pack
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import encode_cbor

HERE = "http://localhost:8000"
PRESENT, VERIFIED, BACKED_UP, ATTESTED = 1, 4, 16, 64
Answer = dict[str, Any]


@dataclass
class Authenticator:
    """Holds one key; what it says of itself, of its page and of its user can be anything."""

    origin: str = HERE
    domain: str = "localhost"
    flags: int = PRESENT | VERIFIED
    count: int = 0
    client: Mapping[str, object] = field(default_factory=dict)
    attestation: Mapping[str, object] = field(
        default_factory=lambda: {"fmt": "none", "attStmt": {}}
    )
    id: bytes = field(default_factory=lambda: token_bytes(32))
    handle: bytes | None = None
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )

    def create(self, options: Mapping[str, Any]) -> Answer:
        """Make the key that is asked for, and keep whose it is."""
        self.handle = decoded(options["user"]["id"])
        attested = bytes(16) + pack(">H", len(self.id)) + self.id + self.public_key()
        data = self.data(ATTESTED) + attested
        made = dict(self.attestation) | {"authData": data}
        client = self.client_data("webauthn.create", options["challenge"])
        response = {"clientDataJSON": encoded(client), "attestationObject": encoded_cbor(made)}
        return self.answer(response)

    def get(self, options: Mapping[str, Any]) -> Answer:
        """Sign what is asked for."""
        data, client = self.data(), self.client_data("webauthn.get", options["challenge"])
        signed = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": encoded(client),
            "authenticatorData": encoded(data),
            "signature": encoded(signed),
            "userHandle": self.handle and encoded(self.handle),
        }
        return self.answer(response)

    def answer(self, response: Mapping[str, object]) -> Answer:
        """Write an answer as browsers do (`PublicKeyCredential.toJSON`)."""
        id = encoded(self.id)
        return {
            "id": id,
            "rawId": id,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
        }

    def data(self, more: int = 0) -> bytes:
        """Say for which domain something is signed, how, and how often."""
        domain = sha256(self.domain.encode()).digest()
        return domain + pack(">BI", self.flags | more, self.count)

    def client_data(self, kind: str, challenge: str) -> bytes:
        """Say on which page it is done, as the browser does."""
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said | dict(self.client)).encode()

    def public_key(self) -> bytes:
        """Write the public half (COSE, ES256)."""
        numbers = self.key.public_key().public_numbers()
        x, y = (part.to_bytes(32, "big") for part in (numbers.x, numbers.y))
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})


def encoded(part: bytes) -> str:
    """Write bytes for a URL, without padding."""
    return urlsafe_b64encode(part).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """Read them again."""
    return urlsafe_b64decode(text + "===")


def encoded_cbor(part: object) -> str:
    """Write an object as CBOR, for a URL."""
    return encoded(encode_cbor(part))
