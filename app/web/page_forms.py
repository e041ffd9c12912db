"""Reading what was typed into a form of a page."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

MOST_BYTES: Final = 16_384
MOST_FIELDS: Final = 16
KIND: Final = "application/x-www-form-urlencoded"


class Unreadable(Exception):
    """What came is no form of ours: the status to answer with, and what to tell."""

    def __init__(self, status: int, message: str) -> None:
        self.status, self.message = status, message
        super().__init__(message)


async def read(request: Request) -> Mapping[str, str]:
    """Read the fields of a form; raises Unreadable."""
    kind = request.headers.get("content-type", "").partition(";")[0]
    if kind.strip().lower() != KIND:
        raise Unreadable(415, "Send the form as the page has it.")
    try:
        fields = parse_qsl(
            (await _body(request)).decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        raise Unreadable(400, "The form is not UTF-8, or has too many fields.") from None
    if any("\0" in name + typed for name, typed in fields):
        raise Unreadable(400, "The form holds U+0000, which no text may hold.")
    return dict(fields)


async def _body(request: Request) -> bytes:
    read = bytearray()
    try:
        async for part in request.stream():
            read += part
            if len(read) > MOST_BYTES:
                told = f"The form is too large: {MOST_BYTES} bytes are allowed."
                raise Unreadable(413, told)
    except ClientDisconnect:
        raise Unreadable(400, "The form did not arrive whole.") from None
    return bytes(read)
