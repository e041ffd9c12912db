"""The words of a mail, read from its template: the layout first, and only then what people typed.

A template is plain text: a line `Subject: …`, then blocks with empty lines between them. A block is a
paragraph, or begins with `* ` (a list), `> ` (a quote), `=> URL label` (a button), `-- ` (small print).
"""

import re
import textwrap
from collections.abc import Callable, Sequence

from markupsafe import Markup, escape

from app.kit import characters
from app.kit.frozen import frozen

WIDTH = 78

_MARKS = {"* ": "list", "> ": "quote", "=> ": "link", "-- ": "small"}
_GAP = re.compile(r"\n\s*\n")
_SLOT = re.compile(r"\0(\d+)\0")
_SPECIAL = re.compile("[&<>'\"]")


def hold(facts: list[str], fact: object) -> str:
    """Keep a fact out of the words, and return the slot that stands for it there."""
    facts.append(str(fact))
    return f"\0{len(facts) - 1}\0"


@frozen
class Words:
    """Words with slots for facts: a fact is filled in as what it is, and never read as layout."""

    source: str
    facts: Sequence[str]

    @property
    def raw(self) -> str:
        """The words with the facts as they are, line breaks and all."""
        return self._filled(str)

    @property
    def line(self) -> str:
        """The words as one line of text."""
        return " ".join(self._filled(characters.one_line).split())

    @property
    def html(self) -> Markup:
        """The words as HTML; each fact is isolated, lest a right-to-left name turns the sentence around."""
        parts = _SLOT.split(" ".join(self.source.split()))
        shown = [_escaped(part) for part in parts]
        for at in range(1, len(parts), 2):
            shown[at] = f"<bdi>{_escaped(characters.one_line(self.facts[int(parts[at])]))}</bdi>"
        return Markup("".join(shown))  # noqa: S704  # each part was escaped

    @property
    def quoted(self) -> Markup:
        """The words as HTML that keeps their lines."""
        return Markup("<br>".join(map(_escaped, characters.lines(self.raw))))  # noqa: S704  # the same

    def _filled(self, fill: Callable[[str], str]) -> str:
        return _SLOT.sub(lambda slot: fill(self.facts[int(slot[1])]), self.source)


@frozen
class Block:
    """A part of a mail: a paragraph, list, quote, link or small print."""

    kind: str
    words: Words
    url: str = ""

    @property
    def items(self) -> list[Words]:
        """The entries of a list."""
        sources = self.words.source.removeprefix("* ").split("\n* ")
        return [Words(source, self.words.facts) for source in sources]

    @property
    def text(self) -> str:
        """The block as plain text of 78 columns; links and other long words stay whole."""
        match self.kind:
            case "link":
                return f"{self.words.line}:\n{self.url}"
            case "quote":
                return "\n".join(_quoted(line) for line in characters.lines(self.words.raw))
            case "list":
                return "\n".join(_wrapped(item.line, "- ", "  ") for item in self.items)
            case "small":
                return f"-- \n{_wrapped(self.words.line)}"
            case _:
                return _wrapped(self.words.line)


def read(source: str, facts: Sequence[str]) -> tuple[Words, list[Block]]:
    """Read the subject and the blocks of a filled template."""
    head, _, body = source.strip().partition("\n")
    parts = filter(None, map(str.strip, _GAP.split(body)))
    return Words(head.removeprefix("Subject: "), facts), [_block(part, facts) for part in parts]


def _block(source: str, facts: Sequence[str]) -> Block:
    mark = next((mark for mark in _MARKS if source.startswith(mark)), "")
    if mark == "* ":
        return Block("list", Words(source, facts))
    words = source.removeprefix(mark)
    if mark != "=> ":
        return Block(_MARKS.get(mark, "paragraph"), Words(words, facts))
    url, _, label = words.partition(" ")
    return Block("link", Words(label, facts), Words(url, facts).line)


def _escaped(text: str) -> str:
    """Escape what there is to escape: most words have nothing."""
    return escape(text) if _SPECIAL.search(text) else text


def _wrapped(line: str, first: str = "", rest: str = "") -> str:
    """Break one line of text, which most often is short enough as it is."""
    if 0 < len(line) <= WIDTH - len(first):
        return f"{first}{line}"
    return textwrap.fill(
        line,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _quoted(line: str) -> str:
    """Quote a line as it is; only one that is too long is broken, between words."""
    if len(line) <= WIDTH - 2:
        return f"> {line}".rstrip()
    return _wrapped(line, "> ", "> ")
