"""Headers are written as what they are, or not at all."""

import pytest

from app.web.envelopes import written


def test_headers_are_lines_and_an_empty_one_ends_them() -> None:
    assert written([(b"a", b"1"), (b"set-cookie", b"x=y; Path=/")]) == (
        b"a: 1\r\nset-cookie: x=y; Path=/\r\n\r\n"
    )


@pytest.mark.parametrize("bad", [b"1\r\nb: 2", b"1\nb: 2", b"1\rb", b"1\0", b"\r\n", b"\n\r"])
def test_a_header_that_would_be_several_is_refused(bad: bytes) -> None:
    with pytest.raises(ValueError, match="header"):
        written([(b"a", b"0"), (b"b", bad)])
    with pytest.raises(ValueError, match="header"):
        written([(bad, b"0")])
