"""Clients that do not read what they asked for."""

import asyncio
import math


class Reluctance:
    """Watches one connection with something to send on it: who reads nothing for a while is given up."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, transport: asyncio.Transport, patience: float
    ) -> None:
        self.loop, self.transport, self.patience = loop, transport, patience
        self.timer: asyncio.TimerHandle | None = None
        self.unsent: float = math.inf

    def watch(self) -> None:
        """Look again in a while, unless that is going on."""
        if self.timer is None:
            self.unsent = self.transport.get_write_buffer_size()
            self.timer = self.loop.call_later(self.patience, self._look)

    def relent(self) -> None:
        """Take it that the client reads: what it is sent from now on may be as much again."""
        self.unsent = math.inf

    def forget(self) -> None:
        """Look no more: the connection is gone."""
        if self.timer is not None:
            self.timer.cancel()

    def _look(self) -> None:
        self.timer = None
        unsent = self.transport.get_write_buffer_size()
        if unsent and unsent >= self.unsent:
            self.transport.abort()
        elif unsent:
            self.watch()
