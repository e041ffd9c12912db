"""HTTP for strangers: what is unfinished, oversized or malformed is answered and ended; so is who never reads."""

import asyncio
from typing import Final

import httptools
import orjson
from uuid_utils import uuid7
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app.engine.codes import Code
from app.web.edge import HEADERS
from app.web.envelopes import OFFERED, Cycle, written
from app.web.refusing import Refused, bad_request
from app.web.reluctance import Reluctance
from app.web.upgrading import can_be_socket, without_upgrade

HEADER_BYTES: Final = 32 * 1024
LINGER_SECONDS: Final = 2.0
GRACE_SECONDS: Final = 0.3

TOO_SLOW: Final = Refused(408, Code.TIMED_OUT, "The request took too long to arrive.")
TOO_LARGE: Final = Refused(
    431,
    Code.PAYLOAD_TOO_LARGE,
    f"The address and the headers are too large; {HEADER_BYTES} bytes are allowed.",
)
MALFORMED: Final = bad_request("This is not HTTP.")


class Protocol(HttpToolsProtocol):
    """One connection: a fault on it costs the connection, and nobody else anything."""

    patience = 30.0  # seconds for a whole request, and for any progress in reading an answer

    is_over = False
    is_whole = False  # what came last was the end of a request
    is_in_header = True
    header_bytes = 0
    deadline: asyncio.TimerHandle | None = None
    reluctance: Reluctance

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's
        """Wait for a request, but not for ever."""
        super().connection_made(transport)
        self.reluctance = Reluctance(self.loop, transport, self.patience)
        self._start_clock()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._stop_clock()
        self.reluctance.forget()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the connection is over."""
        self._unset_keepalive_if_required()
        if self.is_over:
            return
        self.is_whole = False
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError:
            self._refuse(TOO_LARGE if self.header_bytes > HEADER_BYTES else MALFORMED)
        else:
            self._count(len(data))
        if not self.is_whole and self.deadline is None and not self.is_over:
            self._start_clock()

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self.scope["extensions"] = OFFERED
        self.is_whole = False
        self.header_bytes = 0

    def on_url(self, url: bytes) -> None:
        """Count the address as a part of the header."""
        self.header_bytes += len(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what comes after the body is none, whatever it says."""
        if self.is_in_header:
            self.header_bytes += len(name) + len(value)
            HttpToolsProtocol.on_header(self, name, value)  # `super()` costs as much as the rest

    def on_headers_complete(self) -> None:
        """Hand the request on, unless it is refused, or asks for another protocol."""
        hosts = [name for name, _ in self.headers].count(b"host")
        is_fit = hosts == 1 or (hosts == 0 and self.parser.get_http_version() == "1.0")
        if self.header_bytes > HEADER_BYTES or not is_fit:  # RFC 9112, section 3.2
            raise httptools.HttpParserError
        if not self.parser.should_upgrade():
            super().on_headers_complete()
            self.cycle.__class__ = Cycle  # uvicorn asks nobody which
            self.is_in_header = False

    def on_message_complete(self) -> None:
        """Be content: the whole request is here."""
        if not self.parser.should_upgrade():
            self._stop_clock()
            super().on_message_complete()
            self.is_in_header, self.header_bytes, self.is_whole = True, 0, True

    def pause_writing(self) -> None:
        """Watch whether the client reads what it asked for."""
        super().pause_writing()
        self.reluctance.watch()

    def resume_writing(self) -> None:
        """See that it does."""
        super().resume_writing()
        self.reluctance.relent()

    def timeout_keep_alive_handler(self) -> None:
        """Close, and watch whether the client takes the rest."""
        super().timeout_keep_alive_handler()
        self.reluctance.watch()

    def shutdown(self) -> None:
        """Close when there is nothing to answer; who has only just come may still ask, and hear why not."""
        if self.headers is None:
            self.loop.call_later(GRACE_SECONDS, self.transport.close)
        else:
            super().shutdown()

    def _upgrade(self, rest: bytes) -> None:
        """Go on as a WebSocket; any other protocol is declined by not speaking it (RFC 9110, section 7.8)."""
        method = self.parser.get_method()
        if method == b"CONNECT":
            self._refuse(MALFORMED)
        elif self._get_upgrade() != b"websocket" or method != b"GET":
            self.parser = httptools.HttpRequestParser(self)
            self.data_received(without_upgrade(method, self.url, self.headers) + rest)
        elif can_be_socket(self.url, self.headers):
            self._stop_clock()
            self.scope["method"] = "GET"
            self.handle_websocket_upgrade()
        else:
            self._refuse(bad_request("This does not open a WebSocket."))

    def _count(self, read: int) -> None:
        """Count what came of a header that is still unfinished, of which httptools tells nothing."""
        if self.is_in_header and self.deadline is not None:
            self.header_bytes += read
            if self.header_bytes > HEADER_BYTES:
                self._refuse(TOO_LARGE)

    def _start_clock(self) -> None:
        self.deadline = self.loop.call_later(self.patience, self._lose_patience)

    def _stop_clock(self) -> None:
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None

    def _lose_patience(self) -> None:
        self.deadline = None
        if self.flow.read_paused:
            self._start_clock()  # it is we who do not read
        elif self.headers is None:
            self.transport.close()  # not a word, ever: there is nothing to answer
        else:
            self._refuse(TOO_SLOW)

    def _refuse(self, no: Refused) -> None:
        """Answer if this request has none yet, and close; an earlier one on the connection is answered first."""
        self._stop_clock()
        self.is_over = True
        cycle = self.cycle
        is_answering = cycle is not None and not cycle.response_complete
        if is_answering and self.is_in_header:
            cycle.keep_alive = False
            return
        is_silent = not self.is_in_header and (cycle.response_started or bool(self.pipeline))
        if is_answering:
            cycle.disconnected = True
            cycle.message_event.set()
        if not is_silent:
            self.transport.write(self._written(no))
        self._leave()

    def _written(self, no: Refused) -> bytes:
        body = orjson.dumps(no.content)
        headers = [
            *self.server_state.default_headers,
            *HEADERS,
            (b"x-request-id", str(uuid7()).encode()),
            (b"content-type", b"application/json; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            (b"connection", b"close"),
        ]
        return STATUS_LINE[no.status] + written(headers) + body

    def _leave(self) -> None:
        """Close, but not before the client could read why: closing on what it still sends would take that back."""
        self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.abort)
