"""A letter made into a message that can travel: RFC 5322, MIME, and headers nobody can add to."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import parseaddr

from app.kit import addresses, characters
from app.kit.letters import Letter

_ID = re.compile(r"<[!-;=?A-~]+@[!-;=?A-~]+>")  # visible ASCII but <, > and a second @
_WIDTH = 60  # a word of more cannot be folded, so it is encoded


class _Subject(BaseHeader):
    """A line that is kept as it is: the library would decode it first, and lose blanks when folding."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, object]) -> None:
        """Take the line as it stands."""
        kwds["parse_tree"], kwds["decoded"] = None, value

    def fold(self, *, policy: Policy) -> str:
        """Write the line, in encoded words (RFC 2047) where it has to be."""
        is_long = max(map(len, self.split()), default=0) > _WIDTH
        is_plain = self.isascii() and "=?" not in self and not is_long
        header = Header(self, "us-ascii" if is_plain else "utf-8", header_name=self.name)
        return f"{self.name}: {header.encode(linesep=policy.linesep)}{policy.linesep}"


class _Ids(_Subject):
    """Message-IDs, which are never encoded nor folded, however long."""

    def fold(self, *, policy: Policy) -> str:
        """Write them as they are."""
        return f"{self.name}: {self}{policy.linesep}"


_headers = HeaderRegistry()
_headers.map_to_type("subject", _Subject)
for _name in ("message-id", "in-reply-to", "references"):
    _headers.map_to_type(_name, _Ids)
_POLICY = SMTP.clone(header_factory=_headers)


class WrongHeader(ValueError):
    """A header was given that is no such header: a fault of the caller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What goes into a message; `thread_id` is the Message-ID that all mail of one thread answers to.

    `sender` and `reply_to` are an address, or a name with an address: `Keyfob <keyfob@your.domain>`.
    """

    sender: str
    to: str
    letter: Letter
    message_id: str
    at: datetime
    thread_id: str | None = None
    reply_to: str | None = None


def message(draft: Draft) -> EmailMessage:
    """Make the message: one recipient, text and HTML, marked as automatic so that robots do not answer.

    Raises InvalidAddress and WrongHeader.
    """
    made = EmailMessage(_POLICY)
    made["From"] = _mailbox(draft.sender)
    made["To"] = _mailbox(draft.to)
    made["Subject"] = characters.one_line(draft.letter.subject)
    made["Date"] = draft.at
    made["Message-ID"] = _checked(draft.message_id)
    if draft.thread_id is not None:
        made["In-Reply-To"] = made["References"] = _checked(draft.thread_id)
    if draft.reply_to is not None:
        made["Reply-To"] = _mailbox(draft.reply_to)
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"  # what Exchange heeds instead
    made.set_content(draft.letter.text)
    made.add_alternative(draft.letter.html, subtype="html")
    return made


def _mailbox(text: str) -> Address:
    name, address = parseaddr(characters.one_line(text))
    local, _, domain = addresses.deliverable(address).rpartition("@")
    return Address(name, local, domain)


def _checked(message_id: str) -> str:
    if _ID.fullmatch(message_id) is None:
        msg = f"{message_id!r} is no Message-ID"
        raise WrongHeader(msg)
    return message_id
