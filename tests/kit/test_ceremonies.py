"""Answers of passkeys, honest ones and others."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from secrets import token_urlsafe
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kit import ceremonies
from app.kit.ceremonies import Key, Owner, Unproved
from app.kit.parties import Party
from tests.authenticators import BACKED_UP, HERE, PRESENT, Authenticator, encoded

SITE = Party("localhost", (HERE,))
OWNER = Owner(b"0123456789abcdef", "ann@x.example", "Ann Example")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
Options = Mapping[str, Any]


def asked_to_create(challenge: str) -> Options:
    return ceremonies.creation_options(SITE, OWNER, challenge, ())


def asked_to_sign(challenge: str) -> Options:
    return ceremonies.request_options(SITE, challenge, ())


def made(device: Authenticator) -> Key:
    challenge = token_urlsafe(32)
    return ceremonies.created(SITE, challenge, device.create(asked_to_create(challenge)))


def signs(device: Authenticator, key: Key) -> int:
    challenge = token_urlsafe(32)
    signature = ceremonies.read(device.get(asked_to_sign(challenge)))
    return ceremonies.verify(SITE, challenge, signature, key)


def test_a_browser_is_asked_in_its_own_words() -> None:
    known = encoded(b"known")
    assert ceremonies.creation_options(SITE, OWNER, "Y2hhbGxlbmdl", [known]) == {
        "rp": {"id": "localhost", "name": "Keyfob"},
        "user": {
            "id": encoded(OWNER.handle),
            "name": "ann@x.example",
            "displayName": "Ann Example",
        },
        "challenge": "Y2hhbGxlbmdl",
        "pubKeyCredParams": [{"type": "public-key", "alg": alg} for alg in (-8, -7, -257)],
        "timeout": 300_000,
        "excludeCredentials": [{"id": known, "type": "public-key"}],
        "authenticatorSelection": {
            "residentKey": "preferred",
            "requireResidentKey": False,
            "userVerification": "required",
        },
        "attestation": "none",
    }
    assert ceremonies.request_options(SITE, "Y2hhbGxlbmdl", [known]) == {
        "challenge": "Y2hhbGxlbmdl",
        "timeout": 300_000,
        "rpId": "localhost",
        "allowCredentials": [{"id": known, "type": "public-key"}],
        "userVerification": "required",
    }


def test_an_honest_key_is_taken_and_signs() -> None:
    device = Authenticator(count=3)
    key = made(device)
    assert (key.credential_id, key.sign_count) == (encoded(device.id), 3)

    device.count = 4

    assert signs(device, key) == 4


def test_a_key_that_never_counts_is_as_good() -> None:
    device = Authenticator()
    key = made(device)

    assert [signs(device, key), signs(device, key)] == [0, 0]


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://localhost:8000.evil.example"},
        {"domain": "evil.example"},
        {"flags": PRESENT},
        {"flags": 4},
        {"flags": PRESENT | 4 | BACKED_UP},
        {"client": {"crossOrigin": True}},
        {"client": {"type": "webauthn.other"}},
        {"client": {"challenge": "AAAA"}},
        {"client": {"challenge": None}},
    ],
)
def test_a_key_made_or_used_otherwise_than_asked_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Unproved):
        made(Authenticator(**change))
    device = Authenticator()
    key = made(device)
    for attribute, value in change.items():
        setattr(device, attribute, value)
    with pytest.raises(Unproved):
        signs(device, key)


@pytest.mark.parametrize("count", [0, 6, 7])
def test_a_count_that_does_not_grow_tells_of_a_copy(count: int) -> None:
    device = Authenticator(count=7)
    key = made(device)
    device.count = count

    with pytest.raises(Unproved):
        signs(device, key)


def test_another_key_cannot_sign_in_the_name_of_one() -> None:
    key = made(Authenticator())

    with pytest.raises(Unproved):
        signs(Authenticator(), key)


def test_an_id_longer_than_the_standard_allows_is_refused() -> None:
    made(Authenticator(id=bytes(1023)))
    device = Authenticator(id=bytes(1024))

    with pytest.raises(Unproved):
        made(device)
    with pytest.raises(Unproved):
        ceremonies.read(device.get(asked_to_sign("AAAA")))


def test_a_key_whose_point_is_on_no_curve_is_refused() -> None:
    class Crooked(Authenticator):
        """Makes keys that can never sign."""

        def public_key(self) -> bytes:
            """Move the point off its curve."""
            honest = super().public_key()
            return honest[:-1] + bytes([honest[-1] ^ 1])

    with pytest.raises(Unproved):
        made(Crooked())


@pytest.mark.parametrize("kind", ["packed", "fido-u2f", "tpm", "apple", "android-key", "unheard"])
def test_a_maker_who_is_named_without_being_asked_has_to_be_real(kind: str) -> None:
    statement = {
        "sig": b"x",
        "alg": -7,
        "x5c": [b"x"],
        "ver": "2.0",
        "certInfo": b"",
        "pubArea": b"",
    }

    with pytest.raises(Unproved):
        made(Authenticator(attestation={"fmt": kind, "attStmt": statement}))


def test_the_outer_id_has_to_be_the_one_that_was_signed() -> None:
    challenge = token_urlsafe(32)
    answer = Authenticator().create(asked_to_create(challenge))
    other = encoded(b"another id")

    with pytest.raises(Unproved):
        ceremonies.created(SITE, challenge, answer | {"id": other, "rawId": other})


@given(JSON)
def test_what_is_no_answer_is_refused(answer: object) -> None:
    for take in (ceremonies.read, lambda each: ceremonies.created(SITE, "AAAA", each)):
        with pytest.raises(Unproved):
            take(answer)


@given(st.data())
def test_an_answer_with_a_part_replaced_is_refused(data: st.DataObject) -> None:
    device, challenge = Authenticator(), token_urlsafe(32)
    key = made(device)
    made_answer = device.create(asked_to_create(challenge))
    signed = device.get(asked_to_sign(challenge))
    takes: list[tuple[dict[str, Any], Callable[[object], object]]] = [
        (made_answer, lambda each: ceremonies.created(SITE, challenge, each)),
        (signed, lambda each: ceremonies.verify(SITE, challenge, ceremonies.read(each), key)),
    ]
    answer, take = data.draw(st.sampled_from(takes))
    parts = [name for name in answer["response"] if name != "userHandle"]
    part = data.draw(st.sampled_from(parts))
    junk = data.draw(JSON | st.binary().map(encoded))

    with pytest.raises(Unproved):
        take(answer | {"response": answer["response"] | {part: junk}})


@given(st.data())
def test_an_answer_with_a_byte_changed_never_breaks_anything(data: st.DataObject) -> None:
    device, challenge = Authenticator(), token_urlsafe(32)
    answer = device.create(asked_to_create(challenge))
    text = answer["response"]["attestationObject"]
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("ABCabc012_-"))
    broken = text[:at] + letter + text[at + 1 :]
    response = answer["response"] | {"attestationObject": broken}

    with suppress(Unproved):  # some bytes are nobody's business
        ceremonies.created(SITE, challenge, answer | {"response": response})
