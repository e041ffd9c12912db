"""Telling open streams, inside one process, that something has happened."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class Hub:
    """Topics (a chain of events, a user, a session) and who waits for each; a wake-up carries no news."""

    def __init__(self) -> None:
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    def publish(self, topics: Iterable[str]) -> None:
        """Wake whoever waits for one of the topics."""
        for topic in topics:
            for waiter in self._waiting.get(topic, ()):
                waiter.set()

    def publish_all(self) -> None:
        """Wake everybody: news may have been missed."""
        self.publish(list(self._waiting))

    def is_heard(self, topic: str) -> bool:
        """Whether anybody waits for a topic."""
        return topic in self._waiting

    @contextmanager
    def listening(self, *topics: str) -> Iterator[asyncio.Event]:
        """Be woken by topics: what happens between two looks sets the event, so nothing is missed."""
        woken = asyncio.Event()
        for topic in topics:
            self._waiting[topic].add(woken)
        try:
            yield woken
        finally:
            for topic in topics:
                self._waiting[topic].discard(woken)
                if not self._waiting[topic]:
                    del self._waiting[topic]
