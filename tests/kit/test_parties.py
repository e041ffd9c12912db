"""Whom passkeys are made for."""

import pytest

from app.kit import parties


@pytest.mark.parametrize(
    ("url", "domain", "origin"),
    [
        ("https://Keyfob.x.example", "keyfob.x.example", "https://keyfob.x.example"),
        ("https://x.example:443/keyfob", "x.example", "https://x.example"),
        ("https://x.example:8443", "x.example", "https://x.example:8443"),
        ("http://localhost:80", "localhost", "http://localhost"),
        ("http://127.0.0.1:8000", "localhost", "http://localhost:8000"),
        ("http://[::1]:8000", "localhost", "http://localhost:8000"),
    ],
)
def test_a_key_is_made_for_the_name_of_the_site(url: str, domain: str, origin: str) -> None:
    party = parties.at(url)

    assert party is not None
    assert (party.domain, party.origins) == (domain, (origin,))


@pytest.mark.parametrize("url", ["http://192.168.1.2:8000", "https://[2001:db8::1]"])
def test_there_are_no_keys_for_an_address(url: str) -> None:
    assert parties.at(url) is None


def test_pages_of_other_origins_may_use_the_key_as_the_settings_allow() -> None:
    others = ("https://app.x.example", "http://192.168.1.2:3000")
    party = parties.at("https://x.example", others)

    assert party is not None
    assert party.origins == ("https://x.example", *others)
