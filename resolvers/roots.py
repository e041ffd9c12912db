"""What everybody may ask first: who am I, where am I, what server is this."""

from enum import StrEnum
from functools import lru_cache
from importlib.metadata import version

import strawberry

from app.domain import access
from app.kit import locales, passwords
from resolvers import connections, printing
from resolvers.account_contexts import AccountContext, account_context
from resolvers.context import Info
from resolvers.declare import attribute, value, words
from resolvers.operations import query
from resolvers.sessions import Session
from resolvers.viewers import Viewer


@words
class RegistrationMode(StrEnum):
    """OPEN, or PRIVATE: a known and a new address are answered alike; the session comes with the mailed link."""

    OPEN = "OPEN"
    PRIVATE = "PRIVATE"


@value
class ServerInfo:
    """What a client may want to know of the server before anybody signs in."""

    version: str
    schema_hash: str = attribute(description="SHA-256 of the schema as it is printed.")
    locales: list[str]
    max_page_size: int
    password_min_length: int
    registration: RegistrationMode


@value
class RootQueries:
    """Questions that are answered whoever asks."""

    @query(access.PUBLIC)
    async def me(self, info: Info) -> Viewer | None:
        """The signed-in user's private side. Null when nobody is signed in, never an error."""
        return Viewer.of(info.context.found) if info.context.found else None

    @query(access.PUBLIC)
    async def session(self, info: Info) -> Session | None:
        """The session of this request, also while it is pending (`me` is null then)."""
        found = info.context.session
        return Session.of(found) if found else None

    @query(access.PUBLIC)
    async def account_context(self, info: Info) -> AccountContext:
        """The account this request acts on, and why."""
        return await account_context(info.context)

    @query(access.PUBLIC)
    async def server(self, info: Info) -> ServerInfo:
        """What server this is."""
        is_private = info.context.call.site.settings.private_registration
        return ServerInfo(
            version=version("keyfob"),
            schema_hash=_hash(info.schema),
            locales=list(locales.LOCALES),
            max_page_size=connections.MOST,
            password_min_length=passwords.SHORTEST,
            registration=RegistrationMode.PRIVATE if is_private else RegistrationMode.OPEN,
        )


@lru_cache(maxsize=4)
def _hash(schema: strawberry.Schema) -> str:
    return printing.hashed(schema)
