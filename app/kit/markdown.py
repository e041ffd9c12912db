"""Markdown, as people write it in messages, made into HTML that is safe to show."""

import re
from typing import Final

import nh3
from comrak import ExtensionOptions, RenderOptions, render_markdown
from markupsafe import escape

_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "ul", "ol", "li"),
    *("em", "strong", "s", "del", "code", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}
_IMAGE: Final = re.compile(r'<img src="([^"]*)" alt="([^"]*)"[^>]*/>')
_NESTING: Final = re.compile("<(/?)(?:blockquote|li|em|strong|del)>")
DEEPEST: Final = 100  # to clean what is nested takes time by the square of it


def _extensions() -> ExtensionOptions:
    options = ExtensionOptions()
    options.table = options.strikethrough = True
    return options


def _rendering() -> RenderOptions:
    options = RenderOptions()
    options.escape = options.hardbreaks = True
    return options


_EXTENSIONS: Final = _extensions()
_RENDERING: Final = _rendering()


def to_html(text: str) -> str:
    """Render CommonMark with tables, strike-through and kept line breaks; HTML in it is shown as typed.

    Links keep http, https and mailto, and tell search engines and targets nothing. Pictures become links: they
    would tell a stranger who reads a message, and when. What is nested beyond reason is shown as typed.
    """
    html = render_markdown(text, extension_options=_EXTENSIONS, render_options=_RENDERING)
    if _depth(html) > DEEPEST:
        html = f"<pre>{escape(text)}</pre>\n"
    return nh3.clean(
        _IMAGE.sub(_link, html),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        attribute_filter=_unless_empty,
        url_schemes=_SCHEMES,
        link_rel="nofollow noopener noreferrer ugc",
    )


def _depth(html: str) -> int:
    depth = deepest = 0
    for closes in _NESTING.findall(html):
        depth += -1 if closes else 1
        deepest = max(deepest, depth)
    return deepest


def _link(image: re.Match[str]) -> str:
    source, name = image.groups()
    return f'<a href="{source}">{name or source}</a>'


def _unless_empty(_tag: str, _attribute: str, value: str) -> str | None:
    return value or None  # of a link to somewhere forbidden, the renderer leaves `href=""`
