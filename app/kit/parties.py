"""Whom passkeys are made for (the relying party of WebAuthn): a domain, and the pages that may use them."""

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from app.kit.frozen import frozen

PORTS = {"http": 80, "https": 443}


@frozen
class Party:
    """The domain that keys are bound to, and the origins of the pages that may use them."""

    domain: str
    origins: tuple[str, ...]


def at(url: str, others: Iterable[str] = ()) -> Party | None:
    """Say whom keys are made for at a site; None at an address, for browsers bind keys to names alone.

    A loopback address stands for `localhost`, the name that the same machine has.
    """
    domain = _domain(url)
    return Party(domain, tuple(_origin(each) for each in (url, *others))) if domain else None


def _domain(url: str) -> str | None:
    host = urlsplit(url).hostname or ""
    try:
        return "localhost" if ip_address(host).is_loopback else None
    except ValueError:
        return host


def _origin(url: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition(":")[0] if parts.port else parts.netloc
    port = "" if parts.port in {None, PORTS[parts.scheme]} else f":{parts.port}"
    return f"{parts.scheme}://{_domain(url) or host.lower()}{port}"
