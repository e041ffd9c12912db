"""What can be refused of a document before, or without, looking at its meaning."""

import re
from typing import Final

from graphql import DocumentNode, StringValueNode, Visitor, visit

from app.engine.codes import Code, Invalid, refused
from app.engine.limits import FRAGMENTS_PER_FIELD, Limits

# Possessive throughout: no text makes it go back and try again.
TOKEN: Final = re.compile(
    r'"""(?:[^"\\]++|\\"""|\\|"(?!""))*+"""'
    r'|"(?:[^"\\\n\r]++|\\.)*+"'
    r"|\#[^\n\r]*+"
    r"|\.\.\.|[_0-9A-Za-z.+-]++"
    r"|[^\s,]"
)
OPENING: Final = frozenset("{[(")
CLOSING: Final = frozenset("}])")
ESCAPED_NUL: Final = re.compile(r"\\u(?:0000|\{0+\})")


def refuse_oversized(text: str, limits: Limits) -> None:
    """Refuse a document that is too long or too deep to be parsed; raises Invalid."""
    if len(text) > limits.characters:
        message = f"The document is too long; {limits.characters} characters are allowed."
        raise Invalid(refused(Code.QUERY_TOO_COMPLEX, f"{message} Send large values as variables."))
    deepest, depth = limits.depth * FRAGMENTS_PER_FIELD, 0
    for count, token in enumerate(TOKEN.finditer(text), 1):
        if count > limits.tokens:
            message = f"The document is too long; {limits.tokens} tokens are allowed."
            raise Invalid(refused(Code.QUERY_TOO_COMPLEX, message))
        first = text[token.start()]
        depth += (first in OPENING) - (first in CLOSING)
        if depth > deepest:
            message = f"The document is nested too deeply; {limits.depth} levels are allowed."
            raise Invalid(refused(Code.QUERY_TOO_DEEP, message))


def refuse_nul(text: str, document: DocumentNode) -> None:
    """Refuse U+0000 in a string of the document, which no database stores alike; raises Invalid."""
    if ESCAPED_NUL.search(text):
        strings = _NulStrings()
        visit(document, strings)
        if strings.found:
            message = "A string of the document holds U+0000."
            raise Invalid(refused(Code.BAD_REQUEST, message, strings.found))


class _NulStrings(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[StringValueNode] = []

    def enter_string_value(self, node: StringValueNode, *_: object) -> None:
        if "\0" in node.value:
            self.found.append(node)
