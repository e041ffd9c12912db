"""Markdown, as people write it in messages, made into HTML that is safe to show."""

import nh3
from markdown_it import MarkdownIt

_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "li"),
    *("em", "strong", "s", "del", "code", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}

# Pictures stay out: they would tell a stranger who reads a message, and when.
_parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
_parser.enable(["table", "strikethrough"]).disable("image")


def to_html(text: str) -> str:
    """Render CommonMark with tables, strike-through and kept line breaks; HTML in it is shown as typed.

    Links keep http, https and mailto, and tell search engines and targets nothing.
    """
    return nh3.clean(
        _parser.render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener noreferrer ugc",
    )
