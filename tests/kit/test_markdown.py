"""Markdown, as people write it in messages."""

import time

import pytest

from app.kit import markdown

REL = 'rel="nofollow noopener noreferrer ugc"'
LENGTH = 20_000  # what a message may have
HOSTILE = [
    *("x[^" * LENGTH, "[" * LENGTH, "![" * LENGTH, "[a](b" * LENGTH, "*a " * LENGTH, "_a" * LENGTH),
    *(
        ">" * LENGTH,
        "+ > " * LENGTH,
        "- a\n" * LENGTH,
        "1. " * LENGTH,
        "\n" * LENGTH,
        "<a" * LENGTH,
    ),
    *("**a " * 2_500 + "a** " * 2_500, "[a]: /u\n\n" + "[a] " * LENGTH, "a\n" * LENGTH),
    "|" + "a|" * 3_300 + "\n|" + "-|" * 3_300 + "\n|" + "x|" * LENGTH,
]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("*a* **b** ~~c~~\nd", "<p><em>a</em> <strong>b</strong> <del>c</del><br>\nd</p>\n"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;\n"),
        ("[x](javascript:alert(1))", f"<p><a {REL}>x</a></p>\n"),
        ("[x](data:text/html,x)", f"<p><a {REL}>x</a></p>\n"),
        ("<javascript:x>", f"<p><a {REL}>javascript:x</a></p>\n"),
        ("<b onclick=x>a</b>", "<p>&lt;b onclick=x&gt;a&lt;/b&gt;</p>\n"),
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


@pytest.mark.parametrize(("written", "name"), [("![x *y*](b)", "x y"), ("![](b)", "b")])
def test_a_picture_is_a_link(written: str, name: str) -> None:
    assert markdown.to_html(written) == f'<p><a href="b" {REL}>{name}</a></p>\n'


def test_a_table_is_a_table() -> None:
    assert "<td>1</td>" in markdown.to_html("|a|\n|-|\n|1|")


@pytest.mark.parametrize("written", HOSTILE)
def test_no_message_holds_anybody_up(written: str) -> None:
    begun = time.thread_time()
    markdown.to_html(written[:LENGTH])

    assert time.thread_time() - begun < 0.05


def test_what_is_nested_beyond_reason_is_shown_as_typed() -> None:
    assert markdown.to_html(">" * 101 + "<b>") == f"<pre>{'&gt;' * 101}&lt;b&gt;</pre>\n"
    assert markdown.to_html(">" * 100 + "a").count("<blockquote>") == 100
