"""Answers that leave in one piece: one call of the system, and one packet, where head and body would be two."""

import asyncio


class Envelope:
    """What answers are written to, in front of a connection's transport.

    What comes first waits for what follows it, but for no longer than the loop takes to come round.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, transport: asyncio.Transport) -> None:
        self.loop, self.transport = loop, transport
        self.waiting = b""

    def write(self, data: bytes) -> None:
        """Keep the first part, and send it with the next."""
        if self.waiting:
            data, self.waiting = self.waiting + data, b""
            self.transport.write(data)
        else:
            self.waiting = data
            self.loop.call_soon(self.flush)

    def flush(self) -> None:
        """Send what nothing followed."""
        if self.waiting and not self.transport.is_closing():
            self.transport.write(self.waiting)
        self.waiting = b""

    def close(self) -> None:
        """Send what waits, and close."""
        self.flush()
        self.transport.close()

    def is_closing(self) -> bool:
        """Whether nothing more can be sent."""
        return self.transport.is_closing()
