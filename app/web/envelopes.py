"""Answers that leave in one piece: one message through every layer, and one packet, where there would be two."""

from typing import Any, Final

from starlette.types import Message
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

WHOLE: Final = "keyfob.http.response.whole"
"""An extension of ASGI: a message with the `status`, the `headers` and all of the `body` of an answer."""
OFFERED: Final[dict[str, dict[object, object]]] = {WHOLE: {}}


class Cycle(RequestResponseCycle):
    """uvicorn's way from a request to its answer, with a short cut for answers that are whole."""

    async def send(self, message: Any) -> None:  # noqa: ANN401  # uvicorn knows no such message
        """Send a whole answer, or a part of one as uvicorn does."""
        if message["type"] != WHOLE:
            await super().send(message)
            return
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if not self.disconnected:
            self._answer(message)

    def _answer(self, message: Message) -> None:
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        headers = [*self.default_headers, *message["headers"]]
        if (b"connection", b"close") in headers:
            self.keep_alive = False
        elif not self.keep_alive:
            headers.append((b"connection", b"close"))
        self.transport.write(STATUS_LINE[message["status"]] + written(headers) + message["body"])
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()


def written(headers: list[tuple[bytes, bytes]]) -> bytes:
    """Write headers, and the empty line behind them; raises ValueError for one that would be several."""
    lines = b"\r\n".join([*map(b": ".join, headers), b"\r\n"])
    if not (lines.count(b"\n") == lines.count(b"\r") == len(headers) + 1) or b"\0" in lines:
        raise ValueError("a header holds what ends one")
    return lines
