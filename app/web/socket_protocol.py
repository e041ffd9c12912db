"""WebSockets as uvicorn speaks them, but for clients that do not read: those hold no socket for ever."""

from typing import Final

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

FAREWELL_SECONDS: Final = 2.0


class SocketProtocol(WebSocketsSansIOProtocol):
    """One WebSocket; closing waits for what is unsent, so in the end it is cut."""

    def keepalive_timeout(self) -> None:
        """Cut a socket whose other end does not answer a ping."""
        super().keepalive_timeout()
        self.transport.abort()

    async def send(self, message: ASGISendEvent) -> None:
        """Send, and after a farewell wait for its echo no longer than for one."""
        await super().send(message)
        if message["type"] == "websocket.http.response.body" and self.close_sent:
            self.handshake_complete = True  # it came to its end, which uvicorn would log as a fault
        if message["type"] == "websocket.close":
            self.loop.call_later(self.close_timeout + FAREWELL_SECONDS, self.transport.abort)
