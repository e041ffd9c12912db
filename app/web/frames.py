"""What a message on a socket must look like (graphql-transport-ws)."""

from collections.abc import Mapping
from typing import Final, TypeAlias

import orjson
from starlette.types import Scope

from app.web.contexts import ACCOUNT_HEADER

Message: TypeAlias = Mapping[str, object]

LONGEST_ID: Final = 64
LONGEST_HEADER: Final = 1024
LONGEST_REASON: Final = 120
HEADERS: Final = {"authorization": b"authorization", "accountId": ACCOUNT_HEADER}


class Violation(Exception):
    """Why a socket is closed: a code of the protocol, and words that fit into a close frame."""

    def __init__(self, code: int, reason: str) -> None:
        self.code = code
        self.reason = reason.encode()[:LONGEST_REASON].decode(errors="ignore")
        super().__init__(reason)


def message(frame: Mapping[str, object], most: int) -> Message:
    """Read a text frame; raises Violation."""
    text = frame.get("text")
    if not isinstance(text, str):
        raise Violation(4400, "Send text, not binary messages")
    if len(text.encode()) > most:
        raise Violation(1009, "The message is too large")
    try:
        sent = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Violation(4400, "The message is not JSON") from None
    if not isinstance(sent, dict) or not isinstance(sent.get("type"), str):
        raise Violation(4400, "The message is no object with a type")
    return sent


def subscribed(sent: Message) -> tuple[str, Message]:
    """Take a `subscribe` message apart: its id, and the request; raises Violation."""
    key, payload = sent.get("id"), sent.get("payload")
    if not isinstance(key, str) or not 0 < len(key) <= LONGEST_ID:
        raise Violation(4400, f"The id is no string of up to {LONGEST_ID} characters")
    if not isinstance(payload, dict):
        raise Violation(4400, "The payload is no object")
    return key, payload


def introduced(scope: Scope, sent: Message) -> Scope:
    """Let what `connection_init` says stand for headers, which browsers cannot set on a socket."""
    payload = sent.get("payload")
    if not isinstance(payload, dict | None):
        raise Violation(4400, "The payload is no object")
    told = {
        sent_as: _header(payload[name], name)
        for name, sent_as in HEADERS.items()
        if payload and payload.get(name) is not None
    }
    kept = [(name, value) for name, value in scope["headers"] if name not in told]
    return {**scope, "headers": [*kept, *told.items()]}


def _header(value: object, name: str) -> bytes:
    if not isinstance(value, str) or len(value) > LONGEST_HEADER:
        raise Violation(4400, f"The {name} is no string")
    if not (value.isascii() and value.isprintable()):
        raise Violation(4400, f"The {name} cannot be sent in a header")
    return value.encode()
