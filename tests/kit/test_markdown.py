"""Markdown, as people write it in messages."""

import pytest

from app.kit import markdown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("*a* **b** ~~c~~\nd", "<p><em>a</em> <strong>b</strong> <s>c</s><br>\nd</p>\n"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](data:text/html,x)", "<p>[x](data:text/html,x)</p>\n"),
        ("http://evil.example", "<p>http://evil.example</p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("", ""),
    ],
)
def test_markdown_becomes_safe_html(written: str, shown: str) -> None:
    assert markdown.to_html(written) == shown


def test_a_link_tells_its_target_nothing() -> None:
    assert markdown.to_html("[x](https://x.example)") == (
        '<p><a href="https://x.example" rel="nofollow noopener noreferrer ugc">x</a></p>\n'
    )


def test_a_picture_is_not_fetched() -> None:
    assert "<img" not in markdown.to_html("![x](https://spy.example/x.png)")


def test_a_table_is_a_table() -> None:
    assert "<td>1</td>" in markdown.to_html("|a|\n|-|\n|1|")
