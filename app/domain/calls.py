"""The request behind an act: from where it came, and through what."""

from app.domain.site import Site
from app.kit.frozen import frozen
from models import Channel


@frozen
class Call:
    """A request: what the log notes of it, and the session that it came with."""

    site: Site
    request_id: str
    ip: str | None = None
    user_agent: str = ""
    via: Channel = Channel.WEB
    session_id: str | None = None

    def by(self, session_id: str) -> "Call":
        """Note the session that it came with."""
        return Call(self.site, self.request_id, self.ip, self.user_agent, self.via, session_id)
