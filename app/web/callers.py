"""Who calls: what a request says of its sender, and the secret that it carries."""

from ipaddress import ip_address, ip_network
from typing import Final

from starlette.requests import HTTPConnection

from app.domain.calls import Call
from app.domain.site import Site
from app.web.contexts import can_set_cookies, request_id
from app.web.headers import header
from resolvers.carriers import Carrier
from resolvers.context import Context

LONGEST_AGENT: Final = 300
REMEMBERED_SECONDS: Final = 14 * 24 * 3600
DEVICE_SECONDS: Final = 30 * 24 * 3600
SECURE: Final = frozenset({"https", "wss"})
NONE: Final[dict[str, str]] = {}


class Callers:
    """Makes the context of an operation out of its request."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.proxies = [ip_network(each) for each in site.settings.trusted_proxies]

    def context(self, connection: HTTPConnection, account_id: str | None) -> Context:
        """Make the context of one operation."""
        return Context(self.call(connection), self.carrier(connection), account_id)

    def call(self, connection: HTTPConnection) -> Call:
        """Note from where a request comes."""
        agent = header(connection, b"user-agent") or ""
        return Call(
            site=self.site,
            request_id=request_id(connection.scope),
            ip=self.address(connection),
            user_agent=_printable(agent)[:LONGEST_AGENT],
        )

    def carrier(self, connection: HTTPConnection) -> Carrier:
        """Take the secret out of a request: the bearer's before the cookie's (RFC 6750, section 2.1)."""
        is_secure = self.is_secure(connection)
        cookies = connection.cookies if header(connection, b"cookie") else NONE
        name, device = cookie_name(is_secure=is_secure), device_name(is_secure=is_secure)
        borne = bearer(connection)
        return Carrier(
            secret=borne or cookies.get(name),
            device=cookies.get(device),
            is_cookie=borne is None,
            keeps=lambda: (is_secure or _is_loopback(connection)) and can_set_cookies(connection),
            write_device=lambda secret: (
                "Set-Cookie",
                cookie(device, secret, lasts=DEVICE_SECONDS, is_secure=is_secure),
            ),
            write_cookie=lambda secret, remember: (
                "Set-Cookie",
                cookie(
                    name,
                    secret,
                    lasts=REMEMBERED_SECONDS if remember else None,
                    is_secure=is_secure,
                ),
            ),
        )

    def address(self, connection: HTTPConnection) -> str | None:
        """Find the sender's address; what a proxy says of it counts from trusted proxies only."""
        peer = _peer(connection)
        if peer is None or not self._is_proxy(peer):
            return peer
        named = (header(connection, b"x-forwarded-for") or "").split(",")
        senders = [each.strip() for each in named if _is_address(each.strip())]
        strangers = [each for each in reversed(senders) if not self._is_proxy(each)]
        return strangers[0] if strangers else peer

    def is_secure(self, connection: HTTPConnection) -> bool:
        """Whether the sender speaks HTTPS, to us or to a proxy that we trust."""
        if connection.scope["scheme"] in SECURE:
            return True
        if not self.proxies:
            return False
        told = header(connection, b"x-forwarded-proto") or ""
        return told.lower() == "https" and self._is_proxy(_peer(connection) or "")

    def _is_proxy(self, peer: str) -> bool:
        if not self.proxies or not _is_address(peer):
            return False
        return any(ip_address(peer) in network for network in self.proxies)


def _peer(connection: HTTPConnection) -> str | None:
    client: tuple[str, int] | None = connection.scope.get("client")
    return client[0] if client else None


def bearer(connection: HTTPConnection) -> str | None:
    """Take the secret that a request bears, or that its socket's first message did."""
    told = header(connection, b"authorization") or ""
    scheme, _, secret = told.partition(" ")
    return secret.strip() or None if scheme.lower() == "bearer" else None


def _printable(agent: str) -> str:
    return agent if agent.isprintable() else "".join(filter(str.isprintable, agent))


def cookie_name(*, is_secure: bool) -> str:
    """Browsers keep a `__Host-` cookie for this very host, and over HTTPS only (RFC 6265bis, section 4.1.3.2)."""
    return "__Host-keyfob" if is_secure else "keyfob"


def device_name(*, is_secure: bool) -> str:
    """Name the cookie by which a device is known again."""
    return "__Host-keyfob-device" if is_secure else "keyfob-device"


def cookie(name: str, secret: str | None, *, lasts: int | None, is_secure: bool) -> str:
    """Write the cookie that carries a secret, for some seconds or for a browser's session; or take it back."""
    lasting = "" if lasts is None else f"; Max-Age={lasts}"
    life = lasting if secret else "; Max-Age=0"
    secure = "; Secure" if is_secure else ""
    return f"{name}={secret or ''}; Path=/; HttpOnly; SameSite=Lax{secure}{life}"


def _is_loopback(connection: HTTPConnection) -> bool:
    host = connection.url.hostname or ""
    return host == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
