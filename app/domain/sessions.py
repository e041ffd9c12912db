"""Signing in and out."""

from datetime import timedelta

from app.domain import (
    audit,
    factors,
    known_devices,
    own_sessions,
    strangers,
    throttling,
    verification,
    viewers,
)
from app.domain.acts import Act, act
from app.domain.audit import Deed, Target, Who
from app.domain.calls import Call
from app.domain.factors import Proof
from app.domain.refusals import EmailNotVerified, ErrorCode, Refusal, TwoFactorRequired
from app.domain.throttling import Attempt
from app.domain.viewers import Viewer
from app.kit import addresses, passwords, secrets
from app.kit.addresses import InvalidAddress
from app.kit.frozen import frozen
from models import (
    NO_ACCOUNT,
    ActorKind,
    AuditAction,
    Device,
    Session,
    SessionStatus,
    User,
)

IDLE = timedelta(hours=12)
IDLE_REMEMBERED = timedelta(days=14)
LIFETIME = timedelta(days=30)


class InvalidCredentials(Refusal):
    """The address is unknown, or the password is not its own: nobody can tell which."""

    code = ErrorCode.INVALID_CREDENTIALS
    says = "The e-mail address or the password is wrong."


@frozen
class Credentials:
    """What somebody signs in with."""

    email: str
    password: str
    remember: bool = False
    proof: Proof | None = None
    device_token: str | None = None


@frozen
class Known:
    """Somebody who has proved who they are: with the second factor, or so far without it."""

    user: User
    proved: bool = False
    device: Device | None = None


@frozen
class Opened:
    """A session with its secret, and that of its device: both are handed out once."""

    session: Session
    secret: str
    device_token: str | None = None


def idle_time(*, remember: bool) -> timedelta:
    """Say after how long without a request a session ends."""
    return IDLE_REMEMBERED if remember else IDLE


async def login(call: Call, credentials: Credentials) -> Opened:
    """Sign in with address and password; without a second factor that is owed, the session stays pending."""
    known = await authenticate(call, credentials)
    if call.site.settings.private_registration and known.user.email_verified_at is None:
        raise EmailNotVerified("email", reason="the link is in your mail")

    async with act(call) as under_way:
        return await open_session(under_way, known, remember=credentials.remember)


async def login_by_link(call: Call, credentials: Credentials, secret: str) -> Opened:
    """Sign in, and verify the address with the secret of its link, in one act."""
    known = await authenticate(call, credentials)
    require_factor(known)

    async with act(call) as under_way:
        await verification.use(under_way, known.user, secret)
        opened = await open_session(under_way, known, remember=credentials.remember)
        who = user_in(opened.session, known.user, call)
        await verification.note(under_way, known.user, who)
    return opened


async def authenticate(call: Call, credentials: Credentials) -> Known:
    """Find whose address and password these are; the work is the same for an unknown address."""
    key = _key_of(credentials.email)
    user = await User.get_or_none(email_key=key) if key else None
    device = await known_devices.find(user, credentials.device_token) if user else None
    attempt = _attempt(call, key or credentials.email[:254], user, device)
    await throttling.count(call, attempt)
    await _check_password(call, user, credentials)
    if user is None:
        raise InvalidCredentials("email")
    await throttling.forgive(attempt)
    if not user.has_two_factor or credentials.proof is None:
        return Known(user, proved=False, device=device)
    await factors.guess(call, user, credentials.proof)
    return Known(user, proved=True, device=device)


def require_factor(known: Known) -> None:
    """Refuse who owes the second factor still, where nothing may be half done."""
    if known.user.has_two_factor and not known.proved:
        raise TwoFactorRequired


async def open_session(under_way: Act, known: Known, *, remember: bool) -> Opened:
    """Let somebody in who has proved who they are; in the transaction of that act, as its last part."""
    user, call = known.user, under_way.call
    token = await known_devices.remember(under_way, user, known.device)
    await User.filter(id=user.id).update(last_login_at=under_way.now)
    opened = await make_session(under_way, known, remember=remember, device_token=token)
    who = user_in(opened.session, user, call)
    if call.session_id is not None:
        await own_sessions.replace(under_way, user, who)
    await under_way.record(NO_ACCOUNT, who, Deed(AuditAction.USER_LOGGED_IN, (target(user),)))
    return opened


def user_in(session: Session, user: User, call: Call) -> Who:
    """Name a user by a session that was made just now."""
    hint = audit.hint_of(session.id)
    return Who(ActorKind.USER, user.id, user.display_name, session_hint=hint, via=call.via)


async def make_session(
    under_way: Act, known: Known, *, remember: bool, device_token: str | None = None
) -> Opened:
    """Make a session with a new secret, of which the row keeps the digest."""
    secret, now, call = secrets.mint(), under_way.now, under_way.call
    session = await Session.create(
        user_id=known.user.id,
        secret_digest=secrets.digest(secret),
        remember=remember,
        two_factor_verified_at=now if known.proved else None,
        user_agent=call.user_agent[:300],
        ip=call.ip or "",
        created_at=now,
        last_active_at=now,
        idle_until=now + idle_time(remember=remember),
        expires_at=now + LIFETIME,
    )
    return Opened(session, secret, device_token)


async def rotate(under_way: Act, session: Session) -> Opened:
    """Give a session a new secret, as its privilege rises; the old one lives a minute more, for requests under way."""
    secret = secrets.mint()
    session.previous_digest = session.secret_digest
    session.previous_until = under_way.now + viewers.GRACE
    session.secret_digest = secrets.digest(secret)
    await session.save(update_fields=["previous_digest", "previous_until", "secret_digest"])
    return Opened(session, secret)


async def logout(viewer: Viewer) -> None:
    """End the viewer's session: it is dead at once, and its streams end."""
    async with act(viewer.call) as under_way:
        ended = Session.filter(id=viewer.session.id, status=SessionStatus.ACTIVE)
        if await ended.update(status=SessionStatus.REVOKED):
            deed = Deed(AuditAction.USER_LOGGED_OUT, (target(viewer.user),))
            await under_way.record(NO_ACCOUNT, audit.person(viewer), deed)
            under_way.topics.add(viewer.session.id)


def target(user: User) -> Target:
    """Name a user in the log."""
    return Target(user.id, "User", user.display_name)


def _key_of(email: str) -> str | None:
    try:
        return addresses.normalise(email).key
    except InvalidAddress:
        return None


def _attempt(call: Call, key: str, user: User | None, device: Device | None) -> Attempt:
    if device is not None:
        return Attempt((f"d:{device.id}",), user)
    return Attempt((throttling.by_address(key), throttling.by_source(call)), user)


async def _check_password(call: Call, user: User | None, credentials: Credentials) -> None:
    settings, stored = call.site.settings, user.password_hash if user else None
    keys, cost = settings.secret_keys, settings.bcrypt_cost
    if not await passwords.verify(credentials.password, stored, keys, cost) or user is None:
        failed = target(user) if user else strangers.nobody(credentials.email)
        async with act(call) as under_way:
            await strangers.note(under_way, AuditAction.USER_LOGIN_FAILED, failed)
        raise InvalidCredentials("email")
    if passwords.needs_rehash(user.password_hash, keys, cost):
        new = await passwords.hash_password(credentials.password, keys, cost)
        # Only over the hash that was checked: the password may have been changed meanwhile.
        await User.filter(id=user.id, password_hash=user.password_hash).update(password_hash=new)
