"""What of the running server a rule may reach: made once at the start, and handed down."""

import asyncio
from dataclasses import field
from datetime import datetime
from functools import lru_cache

from app.domain.hub import Hub
from app.domain.recent import Recent
from app.kit import addresses
from app.kit.frozen import frozen
from app.kit.settings import Settings


@frozen
class Site:
    """The running server: settings, live events, the bell that wakes the postman, and who was here of late."""

    settings: Settings
    hub: Hub = field(default_factory=Hub)
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    recent: Recent = field(default_factory=Recent)
    active: dict[str, tuple[datetime, bool]] = field(default_factory=dict)
    active_members: dict[str, datetime] = field(default_factory=dict)

    def link(self, page: str, secret: str) -> str:
        """Write the address of a page to open from a mail; what a request says of its host never counts."""
        return f"{self.settings.app_url}/{page}/{secret}"

    @property
    def mail_domain(self) -> str:
        """The domain that our mail comes from."""
        return _domain_of(self.settings.mail_from)


@lru_cache(maxsize=4)
def _domain_of(sender: str) -> str:
    address = sender.rpartition("<")[2].rstrip(">")
    return addresses.deliverable(address).rpartition("@")[2]
