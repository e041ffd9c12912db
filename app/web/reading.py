"""Reading an operation from a request."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import parse_qsl

import orjson
from starlette.requests import HTTPConnection
from starlette.types import Receive

from app.engine.codes import Code
from app.engine.executing import Operation
from app.web.headers import header
from app.web.refusing import Refused, bad_request

PARAMETERS: Final = 16
OVERSIZE: Final = 64  # times what is allowed
ESCAPED_NUL: Final = b"\\u0000"
NAMES: Final = frozenset({"query", "variables", "operationName", "extensions"})


class Gone(Exception):
    """The client went away before it had asked."""


async def from_body(connection: HTTPConnection, receive: Receive, most: int) -> Operation:
    """Read what was posted, up to so many bytes; raises Refused."""
    _refuse_encodings(connection)
    body = await _body(connection, receive, most)
    sent = _json(body, "The body")
    if not isinstance(sent, dict):
        raise bad_request("Send one JSON object with a query; there are no batches.")
    return operation(sent, may_hold_nul=ESCAPED_NUL in body)


def from_address(connection: HTTPConnection) -> Operation:
    """Read the parameters of a GET request; raises Refused."""
    try:
        pairs = parse_qsl(
            connection.scope["query_string"].decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=PARAMETERS,
        )
    except ValueError:
        raise bad_request("The parameters are not UTF-8, or too many.") from None
    sent: dict[str, object] = dict(pairs)
    for name in ("variables", "extensions"):
        if text := sent.get(name):
            sent[name] = _json(str(text).encode(), f"The parameter {name}")
    return operation(sent, may_hold_nul=True)


def operation(sent: Mapping[str, object], *, may_hold_nul: bool) -> Operation:
    """Check the four parameters of a request; raises Refused."""
    query, name = sent.get("query"), sent.get("operationName")
    if not isinstance(query, str):
        raise bad_request("The query must be a string.")
    if not isinstance(name, str | None):
        raise bad_request("The operationName must be a string.")
    if may_hold_nul:
        _refuse_nul({key: value for key, value in sent.items() if key in NAMES})
    return Operation(query, _mapping(sent, "variables"), name or None, _mapping(sent, "extensions"))


def _mapping(sent: Mapping[str, object], name: str) -> dict[str, object]:
    value = sent.get(name)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise bad_request(f"The {name} must be an object.")
    return value


def _refuse_encodings(connection: HTTPConnection) -> None:
    # JSON alone: a browser must ask before it sends that to another origin.
    if not _is_json(header(connection, b"content-type") or ""):
        raise Refused(415, Code.BAD_REQUEST, "Send application/json, in UTF-8.")
    if (header(connection, b"content-encoding") or "identity").lower() != "identity":
        raise Refused(415, Code.BAD_REQUEST, "Send the body uncompressed.")


@lru_cache(64)
def _is_json(told: str) -> bool:
    kind, *parameters = told.lower().split(";")
    charsets = (text.strip() for text in parameters if text.strip().startswith("charset="))
    return kind.strip() == "application/json" and all("utf-8" in text for text in charsets)


async def _body(connection: HTTPConnection, receive: Receive, most: int) -> bytes:
    declared = header(connection, b"content-length") or "0"
    read = bytearray()
    is_too_large = not declared.isdecimal() or int(declared[:20]) > most
    has_more = True
    while has_more and not is_too_large:
        part, has_more = await _part(receive)
        read += part
        is_too_large = len(read) > most
    if is_too_large:
        if has_more and header(connection, b"expect") is None:
            await _pass_over(receive, OVERSIZE * most)
        told = f"The body is too large; {most} bytes are allowed."
        raise Refused(413, Code.PAYLOAD_TOO_LARGE, told, {"Connection": "close"})
    return bytes(read)


async def _part(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise Gone
    return message.get("body", b""), message.get("more_body", False)


async def _pass_over(receive: Receive, most: int) -> None:
    """Let a client come to the end of what it sends: cut off before, most of them never read the answer."""
    passed, has_more = 0, True
    while has_more and passed < most:
        part, has_more = await _part(receive)
        passed += len(part)


def _json(text: bytes, what: str) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise bad_request(f"{what} is not JSON in UTF-8.") from None


def _refuse_nul(sent: Mapping[str, object]) -> None:
    for name, value in sent.items():
        for path in _nul_paths(value, name):
            raise bad_request(f"{path} holds U+0000.")


def _nul_paths(value: object, path: str) -> Iterator[str]:
    waiting = [(value, path)]
    while waiting:
        value, path = waiting.pop()
        if isinstance(value, str) and "\0" in value:
            yield path
        elif isinstance(value, list):
            waiting += [(item, f"{path}.{index}") for index, item in enumerate(value)]
        elif isinstance(value, dict):
            if any("\0" in key for key in value):
                yield f"A key in {path}"
            waiting += [(item, f"{path}.{key}") for key, item in value.items()]
