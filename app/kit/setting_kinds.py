"""The kinds of values that settings have; a refusal says what a good one looks like."""

from ipaddress import ip_network
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator
from pydantic_settings import NoDecode

from app.kit import locales, secret_key


def _split(url: str, schemes: set[str], example: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in schemes or not url.startswith(f"{parts.scheme}://"):
        raise ValueError(f"it should look like {example}")
    _ = parts.port  # refuses what is no port
    return parts


def _database(url: str) -> str:
    example = "sqlite:///folder/keyfob.sqlite3 or postgres://user:password@host/keyfob"
    parts = _split(url, {"sqlite", "postgres", "postgresql"}, example)
    if not parts.path.strip("/") and not parts.netloc.startswith(":memory:"):
        raise ValueError(f"it names no database: it should look like {example}")
    return url


def _smtp(url: str) -> str:
    example = "smtp://user:password@host:587 or smtps://user:password@host"
    if not _split(url, {"smtp", "smtps"}, example).hostname:
        raise ValueError(f"it names no host: it should look like {example}")
    return url


def _sender(text: str) -> str:
    name, bracket, rest = text.rpartition("<")
    local, _, domain = (rest.removesuffix(">") if bracket else rest).partition("@")
    clean = text.isprintable() and not set(f"{local}{domain}") & set(" <>,;@")
    if not (clean and local and domain) or bool(bracket) != rest.endswith(">") or "<" in name:
        raise ValueError("it should look like Keyfob <keyfob@your.domain>")
    return text


def _site(url: str) -> str:
    example = "https://keyfob.your.domain"
    parts = _split(url, {"http", "https"}, example)
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        raise ValueError(f"it should look like {example}")
    return url.rstrip("/")


def _origin(url: str) -> str:
    origin = _site(url)
    if urlsplit(origin).path:
        raise ValueError("an origin has no path: it should look like https://dashboard.your.domain")
    return origin.lower()


def _network(text: str) -> str:
    return str(ip_network(text))


def _key(key: str) -> str:
    if len(key) < secret_key.SHORTEST:
        raise ValueError(
            f"a key has {secret_key.SHORTEST} characters or more, as `openssl rand -hex 32` makes"
        )
    return key


def _locale(text: str) -> str:
    known = locales.match(text)
    if known is None:
        raise ValueError(f"it should be one of {', '.join(locales.LOCALES)}")
    return known


def _parts(value: object) -> object:
    if isinstance(value, str):
        return tuple(part for part in map(str.strip, value.split(",")) if part)
    return value


DatabaseUrl = Annotated[str, AfterValidator(_database)]
SmtpUrl = Annotated[str, AfterValidator(_smtp)]
Sender = Annotated[str, AfterValidator(_sender)]
SiteUrl = Annotated[str, AfterValidator(_site)]
Locale = Annotated[str, AfterValidator(_locale)]
Origins = Annotated[
    tuple[Annotated[str, AfterValidator(_origin)], ...], NoDecode, BeforeValidator(_parts)
]
Networks = Annotated[
    tuple[Annotated[str, AfterValidator(_network)], ...], NoDecode, BeforeValidator(_parts)
]
Keys = Annotated[
    tuple[Annotated[str, AfterValidator(_key)], ...], NoDecode, BeforeValidator(_parts)
]
