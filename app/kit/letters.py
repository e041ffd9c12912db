"""Mail in words: from the facts of an event, in the reader's language, as text and as HTML."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from types import UnionType
from typing import Any, Final, cast, get_origin, get_type_hints

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_context
from jinja2.runtime import Context

from app.kit import locales, places, words
from app.kit.facts import FACTS
from app.kit.frozen import frozen

FALLBACK: Final = "en"
LONGEST_SUBJECT: Final = 250


class WrongFacts(TypeError):
    """A mail was asked for with facts that are not its own: a fault of the caller."""


@frozen
class Letter:
    """A mail in words: its subject is one line, its text has 78 columns, its HTML is a whole page."""

    subject: str
    text: str
    html: str


def render(kind: str, locale: str, facts: Mapping[str, object]) -> Letter:
    """Write the mail of a kind (see `facts`) in a language; `de-AT` is written in `de`, unknown ones in `en`.

    What people typed is shown as they typed it: it never becomes a link, markup or a header.
    Raises WrongFacts.
    """
    _check(kind, facts)
    chosen = locales.match(locale) or FALLBACK
    held: list[str] = []
    template = _loaded(_templates, f"{chosen}/{kind}.txt")
    source = template.render(facts, _locale=chosen, _held=held)
    subject, blocks = words.read(source, held)
    title = subject.line if len(subject.line) <= LONGEST_SUBJECT else _cut(subject.line)
    page = _loaded(_pages, "page.html")
    html = page.render(locale=chosen, subject=title, blocks=blocks)
    return Letter(title, "\n\n".join(block.text for block in blocks) + "\n", html)


@cache
def _loaded(environment: Environment, name: str) -> Template:
    """Load a template once; what is global in it is copied for each letter, which a plain dictionary does at once."""
    template = environment.get_template(name)
    template.globals = dict(template.globals)
    return template


@cache
def _expected(kind: str) -> Mapping[str, Any]:
    """Tell of what types the facts of a kind are, as `isinstance` knows them."""
    told = get_type_hints(FACTS[kind])
    return {
        name: kinds if isinstance(kinds, UnionType) else get_origin(kinds) or kinds
        for name, kinds in told.items()
    }


def _check(kind: str, facts: Mapping[str, object]) -> None:
    expected = _expected(kind)
    if facts.keys() != expected.keys():
        msg = f"{kind} tells {sorted(expected)}, not {sorted(facts)}"
        raise WrongFacts(msg)
    for name, known in expected.items():
        if not isinstance(facts[name], known):
            msg = f"{kind}: {name} is {known}, not {type(facts[name])}"
            raise WrongFacts(msg)


def _cut(line: str) -> str:
    return f"{line[: LONGEST_SUBJECT - 1]}…"


@pass_context
def _hold(context: Context, fact: object) -> str:
    return words.hold(cast("list[str]", context["_held"]), fact)


@pass_context
def _instant(context: Context, at: datetime) -> str:
    return locales.instant(at.astimezone(UTC), str(context["_locale"]))


def _environment(finalize: Callable[[Context, object], str] | None = None) -> Environment:
    return Environment(
        loader=FileSystemLoader(places.email_templates()),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=finalize,
        auto_reload=False,
    )


_templates = _environment(_hold)
_templates.filters["instant"] = _instant
_pages = _environment()
