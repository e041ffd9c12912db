"""Secrets, and the clock that they run out by."""

from datetime import UTC, datetime, timedelta

from app.kit import clock, secrets


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
