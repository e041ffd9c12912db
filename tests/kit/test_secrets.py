"""Secrets, and the clock that they run out by."""

from datetime import UTC, datetime, timedelta

from app.domain import two_factor
from app.kit import clock, secrets, totp


def test_now_is_in_utc_and_has_whole_milliseconds() -> None:
    now = clock.now()

    assert now.utcoffset() == timedelta(0)
    assert now.microsecond % 1000 == 0
    assert datetime.fromtimestamp(0, UTC) == clock.EPOCH


def test_a_secret_has_256_bits_and_only_its_digest_is_kept() -> None:
    secret = secrets.mint()

    assert len(secret) == 43
    assert secret != secrets.mint()
    assert (
        secrets.digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


def test_a_key_is_named_without_being_told() -> None:
    assert secrets.key_id("one") != secrets.key_id("two")
    assert len(secrets.key_id("one")) == 8


def test_codes_and_seeds_are_as_long_as_they_are_said_to_be() -> None:
    assert (len(two_factor.ALPHABET), len(set(two_factor.ALPHABET))) == (32, 32)
    codes = [two_factor.mint_code() for _ in range(200)]
    assert {len(code.replace("-", "")) for code in codes} == {24}  # of 5 bits each
    assert set("".join(codes)) - {"-"} == set(two_factor.ALPHABET)
    assert len(set(codes)) == 200
    assert len(totp.mint()) == 32
    assert totp.mint() != totp.mint()
