"""People: registering, and what they say of themselves."""

from collections.abc import Mapping
from contextlib import suppress

from tortoise.exceptions import IntegrityError

from app.domain import audit, sessions, texts, throttling, verification
from app.domain.acts import Act, act, still
from app.domain.audit import Change, Deed, Target, Who
from app.domain.calls import Call
from app.domain.refusals import ErrorCode, InvalidInput, Refusal
from app.domain.sessions import Known, Opened
from app.domain.throttling import Attempt
from app.domain.verification import EmailTaken
from app.domain.viewers import Viewer
from app.kit import pacing, passwords
from app.kit.frozen import frozen
from models import NO_ACCOUNT, ActorKind, AuditAction, User, key

NAME_LIMIT = 100


class PasswordTooWeak(Refusal):
    """The password is too short, too long, or easily guessed."""

    code = ErrorCode.PASSWORD_TOO_WEAK
    says = "{reason}"


@frozen
class Registration:
    """What somebody registers with."""

    email: str
    password: str
    first_name: str
    last_name: str
    locale: str | None = None


async def register(call: Call, registration: Registration) -> Opened | None:
    """Make a user, sign them in, and mail the link that verifies the address.

    Under private registration a known address is answered as a new one is: with nothing but mail.
    """
    if call.site.settings.private_registration:
        await _register_unseen(call, registration)
        return None
    try:
        user = await prepare(call, registration)
    except EmailTaken:
        await throttling.count(call, Attempt((throttling.by_source(call),)))
        raise

    async with act(call) as under_way:
        await add(under_way, user)
        await verification.send(under_way, user)
        return await first_session(under_way, user)


async def _register_unseen(call: Call, registration: Registration) -> None:
    """Make a user, or tell the one who is there; neither by word nor by time it can be told which."""
    try:
        user = await prepare(call, registration)
    except EmailTaken:
        user = None

    with suppress(EmailTaken):  # of two at once
        async with pacing.on_the_beat(), act(call) as under_way:
            if user is None:
                known = await User.get(email_key=texts.address(registration.email).key)
                await verification.tell_owner(under_way, known)
            else:
                await add(under_way, user)
                await verification.send(under_way, user)
                await first_session(under_way, user, is_signed_in=False)


async def prepare(call: Call, registration: Registration, *, invited: str | None = None) -> User:
    """Check everything that can be checked before the transaction; the user is not saved yet."""
    settings = call.site.settings
    address = texts.address(registration.email, "email")
    if settings.private_registration and invited not in {None, address.key}:
        raise InvalidInput("Register with the address that was invited.", "email")
    first = texts.name(registration.first_name, NAME_LIMIT, "firstName")
    last = texts.name(registration.last_name, NAME_LIMIT, "lastName")
    locale = texts.locale(registration.locale or settings.default_locale, "locale")
    context = (address.shown, first, last)
    if (reason := await passwords.weakness(registration.password, context)) is not None:
        raise PasswordTooWeak("password", reason=reason)
    hashed = await passwords.hash_password(
        registration.password, settings.secret_keys, settings.bcrypt_cost
    )
    if await User.exists(email_key=address.key):
        raise EmailTaken("email")
    return User(
        id=key.mint("usr"),
        email=address.shown,
        email_key=address.key,
        first_name=first,
        last_name=last,
        locale=locale,
        password_hash=hashed,
    )


async def add(under_way: Act, user: User) -> None:
    """Save a prepared user; of two at once, one is told that the address is taken."""
    user.created_at = user.password_changed_at = under_way.now
    try:
        await user.save(force_create=True)
    except IntegrityError as no:
        raise EmailTaken("email") from no


async def first_session(under_way: Act, user: User, *, is_signed_in: bool = True) -> Opened | None:
    """Sign a new user in, and note that they registered; the last part of their act."""
    who = Who(ActorKind.USER, user.id, user.display_name, via=under_way.call.via)
    opened = None
    if is_signed_in:
        opened = await sessions.make_session(under_way, Known(user), remember=False)
        who = sessions.user_in(opened.session, user, under_way.call)
    deed = Deed(AuditAction.USER_REGISTERED, (sessions.target(user),))
    await under_way.record(NO_ACCOUNT, who, deed)
    return opened


async def update_profile(viewer: Viewer, wanted: Mapping[str, str]) -> User:
    """Change `first_name`, `last_name`, `locale` and `time_zone` of the viewer; what is absent stays."""
    values = {field: READERS[field](typed) for field, typed in wanted.items()}

    async with act(viewer.call, NO_ACCOUNT) as under_way:
        user = await User.select_for_update().get(id=(await still(viewer)).user.id)
        changes = tuple(
            Change(field, getattr(user, field), value)
            for field, value in values.items()
            if getattr(user, field) != value
        )
        if changes:
            await user.update_from_dict(values).save(update_fields=[*values])
            target = Target(user.id, "User", user.display_name)
            deed = Deed(AuditAction.USER_PROFILE_UPDATED, (target,), changes)
            await under_way.record(NO_ACCOUNT, audit.person(viewer), deed)
    return user


READERS = {
    "first_name": lambda typed: texts.name(typed, NAME_LIMIT, "firstName"),
    "last_name": lambda typed: texts.name(typed, NAME_LIMIT, "lastName"),
    "locale": lambda typed: texts.locale(typed, "locale"),
    "time_zone": lambda typed: texts.time_zone(typed, "timeZone"),
}
