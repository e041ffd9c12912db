"""Whose mailbox it is."""

import pytest

from app.kit import addresses
from app.kit.addresses import Address, InvalidAddress

KIM = "kim@x.example"


@pytest.mark.parametrize(
    "typed",
    ["kim@x.example", "Kim@X.example", "KIM@x.EXAMPLE", " kim@x.example ", "kim@x.example."],
)
def test_capitals_blanks_and_a_trailing_dot_make_no_other_mailbox(typed: str) -> None:
    assert addresses.normalise(typed) == Address(typed.strip(), KIM)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("k\u0131m@x.example", "k\u0131m@x.example"),
        ("k\u0130m@x.example", "k\u0130m@x.example"),
        ("KIM+tag@x.example", "kim+tag@x.example"),
        ("k.i.m@x.example", "k.i.m@x.example"),
        ("\uff4bim@x.example", "\uff4bim@x.example"),
        ("ﬁm@x.example", "ﬁm@x.example"),
        ("ÅSA@x.example", "Åsa@x.example"),
        ("a\u030asa@x.example", "åsa@x.example"),
        ("kim@münchen.example", "kim@xn--mnchen-3ya.example"),
        ("kim@XN--MNCHEN-3YA.example", "kim@xn--mnchen-3ya.example"),
        ("kim@mu\u0308nchen.example", "kim@xn--mnchen-3ya.example"),
        ("kim@x.test", "kim@x.test"),
        ("kim@例え.example", "kim@xn--r8jz45g.example"),
    ],
)
def test_tags_dots_and_other_letters_are_other_mailboxes(typed: str, key: str) -> None:
    address = addresses.normalise(typed)

    assert address == Address(typed, key)
    assert address.key != KIM


@pytest.mark.parametrize(
    "typed",
    [
        "\u212aim@x.example",
        "kim@e\u212axample.example",
        "kim@x.exampl\uff45",
        "kim@\uff58.example",
        "kim@x\u3002example",
        "kim@X\u0130.example",
        "kim@MÜNCHEN.example",
        "kim@x.example\u200b",
        "kim\u200b@x.example",
        "kim\u200d@x.example",
        "\u202ekim@x.example",
        "kim\u00a0@x.example",
        "kim@x.example\u00a0",
        "kim@x.example\n",
        "kim@x.example\r\nbcc: vic@x.example",
        "kim\u0085@x.example",
        "kim\0@x.example",
        "kim\ud800@x.example",
        "kim\u037e@x.example",
        '"kim"@x.example',
        "Kim <kim@x.example>",
        "kim@x.example,vic@x.example",
        "kim@vic@x.example",
        "kim@[127.0.0.1]",
        "kim@localhost",
        "kim@test",
        "kim@x..example",
        "kim@-x.example",
        "kim@xn--zzzzzz---.example",
        "kim@.example",
        "kim@",
        "@x.example",
        "kim",
        "",
        ".kim@x.example",
        "k" * 250 + "@x.example",
        "kim@" + "é." * 120 + "example",
    ],
    ids=ascii,
)
def test_what_could_pass_for_another_mailbox_or_is_none_is_refused(typed: str) -> None:
    with pytest.raises(InvalidAddress):
        addresses.normalise(typed)


@pytest.mark.parametrize(
    ("address", "masked"),
    [
        ("bob@x.example", "b•••@x.example"),
        ("b@x.example", "b•••@x.example"),
        ("👩‍👧ann@x.example", "👩‍👧•••@x.example"),
        ("nobody", "•••"),
        ("", "•••"),
        ("a\nb@x\n.example", "a•••@x .example"),
    ],
)
def test_a_masked_address_shows_its_domain_and_one_character(address: str, masked: str) -> None:
    assert addresses.mask(address) == masked


def test_mail_goes_to_the_domain_in_ascii_and_the_mailbox_as_typed() -> None:
    assert addresses.deliverable("Kim+A@Munchen.example") == "Kim+A@munchen.example"
    assert addresses.deliverable("Kim@münchen.example") == "Kim@xn--mnchen-3ya.example"
