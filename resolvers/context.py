"""What a resolver may know about the request: who asks, and for which account."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from enum import StrEnum
from typing import TypeAlias, TypeVar, cast

import strawberry
from strawberry.dataloader import DataLoader

from app.database import riders
from app.database.riders import Question
from app.domain import activity, session_steps, viewers
from app.domain.access import Rule
from app.domain.acting import Acting, in_account
from app.domain.calls import Call
from app.domain.desks import Errand
from app.domain.recent import Key
from app.domain.refusals import AccountRequired, InvalidInput, NotAMember, Refusal, SignInRequired
from app.domain.sessions import Opened
from app.domain.ticket_access import Desk
from app.domain.viewers import Found, Place, Viewer
from app.kit import secrets
from app.kit.frozen import frozen
from models.key import read
from resolvers.carriers import Carrier, SessionTransport

T = TypeVar("T")


class AccountContextSource(StrEnum):
    """Why a request acts on an account."""

    REQUEST = "REQUEST"
    SESSION = "SESSION"
    ONLY_ONE = "ONLY_ONE"
    NONE = "NONE"


@frozen
class Choice:
    """The account that a request acts on: why this one, or why none."""

    source: AccountContextSource
    acting: Acting | None = None
    denial: Refusal | None = None


class Context:
    """An operation's view of its request; asking it for what is not there is a refusal."""

    def __init__(self, call: Call, carrier: Carrier, account_id: str | None = None) -> None:
        self.call, self.carrier, self.named = call, carrier, account_id
        self.found: Viewer | None = None
        self.pending: Viewer | None = None
        self.place: Place | None = None
        self.subject: Acting | Desk | Errand | None = None
        self.rider: Question | None = None
        self.was_asked = False
        self.is_fresh = True
        self._loaders: dict[Hashable, DataLoader[str, object]] = {}

    async def prepare(self, *, recalls: bool = False) -> None:
        """Find who asks, in one statement; nobody, without one, if the request brings no secret.

        What `recalls` asks `holds` before it changes anything, or is answered.
        """
        self._loaders.clear()
        riders.WAITING.set(None)
        self.found = self.pending = self.place = self.subject = self.rider = None
        if self.carrier.secret is None:
            return
        key = self._key
        recalled = viewers.recall(self.call, key) if recalls else None
        if recalled is not None:
            known, self.rider = recalled
            riders.WAITING.set(self.rider)
            self._take(known)
        elif found := await viewers.find(self.call, key):
            activity.note(self.call.site, found)
            self._take(found)

    async def holds(self) -> bool:
        """Whether who asks is who was remembered, if anybody was: else all that was read is worth nothing."""
        if self.rider is None:
            return True
        riders.WAITING.set(None)
        if not (self.rider.answer or await self.rider.settle()):
            self.call.site.recent.forget(self._key)
            return False
        self.rider = None
        if viewer := self.session:
            activity.note(self.call.site, Found(viewer, self.place))
        return True

    @property
    def _names_one(self) -> bool:
        return self.named is None or is_key("acc", self.named)

    @property
    def _key(self) -> Key:
        digest = secrets.digest(self.carrier.secret or "")
        return digest, self.named if self._names_one else None

    def _take(self, found: Found) -> None:
        self.call = found.viewer.call
        if session_steps.owed(found.viewer):
            self.pending = found.viewer
        else:
            # What is no id names no account, and must not fall through to the default one.
            self.found, self.place = found.viewer, found.place if self._names_one else None

    def let_in(self, rule: Rule) -> None:
        """Take a session that owes a step as signed in, for a field that helps with just that."""
        if self.pending is not None and session_steps.owed(self.pending) <= rule.during:
            self.found = self.pending

    @property
    def session(self) -> Viewer | None:
        """Whoever has a session, be it pending."""
        return self.found or self.pending

    async def refresh(self) -> None:
        """Find who asks again, before each mutation of a document but the first."""
        if not self.is_fresh:
            await self.prepare()
        self.is_fresh = False

    @property
    def viewer(self) -> Viewer:
        """Whoever is signed in."""
        if self.found is None:
            raise SignInRequired
        return self.found

    @property
    def choice(self) -> Choice:
        """The account that the request acts on, by the rules in their order."""
        if self.found is None:
            return Choice(AccountContextSource.NONE)
        acting = Acting.at(self.found, self.place) if self.place else None
        if self.named is not None:
            denial = acting.denial() if acting else NotAMember("accountId")
            shown = None if isinstance(denial, NotAMember) else acting
            return Choice(AccountContextSource.REQUEST, shown, denial)
        if self.found.session.account_id is not None:
            lost = acting is None or acting.denial() is not None
            denial = AccountRequired() if lost else None
            return Choice(AccountContextSource.SESSION, None if lost else acting, denial)
        source = AccountContextSource.ONLY_ONE if acting else AccountContextSource.NONE
        return Choice(source, acting, None if acting else AccountRequired())

    @property
    def acting(self) -> Acting:
        """Whoever is signed in, at work in the account of the request."""
        _ = self.viewer
        self.was_asked = True
        choice = self.choice
        if choice.denial is not None:
            raise choice.denial
        if choice.acting is None:
            raise AccountRequired
        return choice.acting

    async def acting_in(self, account_id: str | None) -> Acting:
        """Whoever is signed in, at work in the account that an argument names, or else in that of the request."""
        if account_id is None:
            return self.acting
        if not is_key("acc", account_id):
            raise NotAMember("accountId")
        if self.place is not None and self.place.account.id == account_id:
            return Acting.at(self.viewer, self.place)
        return await in_account(self.viewer, account_id)

    def admit_transport(self, transport: SessionTransport) -> None:
        """Refuse a cookie where browsers would not keep it, before anything is done."""
        if transport is SessionTransport.COOKIE and not self.carrier.keeps_cookies:
            raise InvalidInput("A cookie needs HTTPS here. Use HTTPS, or BEARER.", "transport")

    async def hand_over(self, opened: Opened, transport: SessionTransport) -> str | None:
        """Give a new session's secret to the client, and go on as its user; by cookie, nothing is handed back."""
        self.carrier.secret = opened.secret
        await self.prepare()
        if transport is SessionTransport.BEARER:
            return opened.secret
        self._set_cookie(opened.secret, remember=opened.session.remember)
        if opened.device_token is not None and self.carrier.write_device is not None:
            self.carrier.headers.append(self.carrier.write_device(opened.device_token))
        return None

    @property
    def transport(self) -> SessionTransport:
        """How the secret of this request's session came."""
        return SessionTransport.COOKIE if self.carrier.is_cookie else SessionTransport.BEARER

    async def forget(self) -> None:
        """Go on as nobody; a cookie is taken back."""
        self.carrier.secret = None
        await self.prepare()
        self._set_cookie(None, remember=False)

    def _set_cookie(self, secret: str | None, *, remember: bool) -> None:
        if self.carrier.write_cookie is not None:
            self.carrier.headers.append(self.carrier.write_cookie(secret, remember))

    def renew(self) -> None:
        """Forget what was read: the next event of a stream reads it again."""
        self._loaders.clear()

    def loader(
        self, name: Hashable, load: Callable[[list[str]], Awaitable[Sequence[T]]]
    ) -> DataLoader[str, T]:
        """Collect what one level of the answer asks for, and read it in one statement."""
        if name not in self._loaders:
            self._loaders[name] = cast("DataLoader[str, object]", DataLoader(load))
        return cast("DataLoader[str, T]", self._loaders[name])

    @property
    def response_headers(self) -> Sequence[tuple[str, str]]:
        """Cookies to set."""
        return self.carrier.headers

    @property
    def account_context(self) -> Mapping[str, object] | None:
        """The account that was used and why, for the answer to echo; None if none was asked for."""
        if not self.was_asked or (choice := self.choice).acting is None:
            return None
        return {"accountId": choice.acting.account.id, "source": choice.source}


def is_key(prefix: str, text: str) -> bool:
    """Whether a text is an id of one kind."""
    try:
        read(prefix, text)
    except ValueError:
        return False
    return True


Info: TypeAlias = strawberry.Info[Context, None]
