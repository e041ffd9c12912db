"""Signing in and out."""

from dataclasses import dataclass
from datetime import timedelta

from app.domain import audit, verification
from app.domain.acts import Act, act
from app.domain.audit import Deed, Target, Who
from app.domain.calls import Call
from app.domain.refusals import ErrorCode, Refusal
from app.domain.viewers import Viewer
from app.kit import addresses, passwords, secrets
from app.kit.addresses import InvalidAddress
from models import NO_ACCOUNT, ActorKind, AuditAction, AuditOutcome, Session, SessionStatus, User

IDLE = timedelta(hours=12)
IDLE_REMEMBERED = timedelta(days=14)
LIFETIME = timedelta(days=30)


class InvalidCredentials(Refusal):
    """The address is unknown, or the password is not its own: nobody can tell which."""

    code = ErrorCode.INVALID_CREDENTIALS
    says = "The e-mail address or the password is wrong."


@dataclass(frozen=True, slots=True)
class Credentials:
    """What somebody signs in with."""

    email: str
    password: str
    remember: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session with its secret, which is handed out once."""

    session: Session
    secret: str


def idle_time(*, remember: bool) -> timedelta:
    """Say after how long without a request a session ends."""
    return IDLE_REMEMBERED if remember else IDLE


async def login(call: Call, credentials: Credentials) -> Opened:
    """Sign in with address and password."""
    user = await authenticate(call, credentials)

    async with act(call) as under_way:
        return await open_session(under_way, user, remember=credentials.remember)


async def login_by_link(call: Call, credentials: Credentials, secret: str) -> Opened:
    """Sign in, and verify the address with the secret of its link, in one act."""
    user = await authenticate(call, credentials)

    async with act(call) as under_way:
        await verification.use(under_way, user, secret)
        opened = await open_session(under_way, user, remember=credentials.remember)
        await verification.note(under_way, user, user_in(opened.session, user, call))
    return opened


async def authenticate(call: Call, credentials: Credentials) -> User:
    """Find the user whose address and password these are; the work is the same for an unknown address."""
    user = await _user_of(credentials.email)
    settings, stored = call.site.settings, user.password_hash if user else None
    right = await passwords.verify(
        credentials.password, stored, settings.secret_keys, settings.bcrypt_cost
    )
    if user is None or not right:
        await _note_failure(call, user, credentials.email)
        raise InvalidCredentials("email")
    await _upgrade(call, user, credentials.password)
    return user


async def open_session(under_way: Act, user: User, *, remember: bool) -> Opened:
    """Let a user in who has proved who they are; in the transaction of that act, as its last part."""
    opened = await make_session(under_way, user, remember=remember)
    who = user_in(opened.session, user, under_way.call)
    await under_way.record(NO_ACCOUNT, who, Deed(AuditAction.USER_LOGGED_IN, (_target(user),)))
    return opened


def user_in(session: Session, user: User, call: Call) -> Who:
    """Name a user by a session that was made just now."""
    hint = audit.hint_of(session.id)
    return Who(ActorKind.USER, user.id, user.display_name, session_hint=hint, via=call.via)


async def make_session(under_way: Act, user: User, *, remember: bool) -> Opened:
    """Make a session with a new secret, of which the row keeps the digest."""
    secret, now, call = secrets.mint(), under_way.now, under_way.call
    session = await Session.create(
        user_id=user.id,
        secret_digest=secrets.digest(secret),
        remember=remember,
        user_agent=call.user_agent[:300],
        ip=call.ip or "",
        created_at=now,
        last_active_at=now,
        idle_until=now + idle_time(remember=remember),
        expires_at=now + LIFETIME,
    )
    return Opened(session, secret)


async def logout(viewer: Viewer) -> None:
    """End the viewer's session: it is dead at once, and its streams end."""
    async with act(viewer.call) as under_way:
        ended = Session.filter(id=viewer.session.id, status=SessionStatus.ACTIVE)
        if await ended.update(status=SessionStatus.REVOKED):
            deed = Deed(AuditAction.USER_LOGGED_OUT, (_target(viewer.user),))
            await under_way.record(NO_ACCOUNT, audit.person(viewer), deed)
            under_way.topics.add(viewer.session.id)


async def _user_of(email: str) -> User | None:
    try:
        address = addresses.normalise(email)
    except InvalidAddress:
        return None
    return await User.get_or_none(email_key=address.key)


async def _note_failure(call: Call, user: User | None, email: str) -> None:
    who = Who(ActorKind.GUEST, None, "Somebody", via=call.via)
    target = _target(user) if user else Target(None, "User", addresses.mask(email)[:254])
    deed = Deed(AuditAction.USER_LOGIN_FAILED, (target,), outcome=AuditOutcome.DENIED)
    async with act(call) as under_way:
        await under_way.record(NO_ACCOUNT, who, deed)


async def _upgrade(call: Call, user: User, password: str) -> None:
    settings = call.site.settings
    if passwords.needs_rehash(user.password_hash, settings.secret_keys, settings.bcrypt_cost):
        new = await passwords.hash_password(password, settings.secret_keys, settings.bcrypt_cost)
        # Only over the hash that was checked: the password may have been changed meanwhile.
        await User.filter(id=user.id, password_hash=user.password_hash).update(password_hash=new)


def _target(user: User) -> Target:
    return Target(user.id, "User", user.display_name)
