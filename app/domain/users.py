"""People: registering, and what they say of themselves."""

from collections.abc import Mapping
from dataclasses import dataclass

from tortoise.exceptions import IntegrityError

from app.domain import audit, sessions, texts, verification
from app.domain.acts import Act, act, still
from app.domain.audit import Change, Deed, Target
from app.domain.calls import Call
from app.domain.refusals import ErrorCode, Refusal
from app.domain.sessions import Opened
from app.domain.viewers import Viewer
from app.kit import passwords
from models import NO_ACCOUNT, AuditAction, User, key

NAME_LIMIT = 100


class EmailTaken(Refusal):
    """The address belongs to a user already."""

    code = ErrorCode.EMAIL_TAKEN
    says = "There is a user with this address already. Sign in instead."


class PasswordTooWeak(Refusal):
    """The password is too short, too long, or easily guessed."""

    code = ErrorCode.PASSWORD_TOO_WEAK
    says = "{reason}"


@dataclass(frozen=True, slots=True)
class Registration:
    """What somebody registers with."""

    email: str
    password: str
    first_name: str
    last_name: str
    locale: str | None = None


async def register(call: Call, registration: Registration) -> Opened:
    """Make a user, sign them in, and mail the link that verifies the address."""
    user = await prepare(call, registration)

    async with act(call) as under_way:
        await add(under_way, user)
        await verification.send(under_way, user)
        return await first_session(under_way, user)


async def prepare(call: Call, registration: Registration) -> User:
    """Check everything that can be checked before the transaction; the user is not saved yet."""
    address = texts.address(registration.email, "email")
    first = texts.name(registration.first_name, NAME_LIMIT, "firstName")
    last = texts.name(registration.last_name, NAME_LIMIT, "lastName")
    settings = call.site.settings
    locale = texts.locale(registration.locale or settings.default_locale, "locale")
    context = (address.shown, first, last)
    if (reason := await passwords.weakness(registration.password, context)) is not None:
        raise PasswordTooWeak("password", reason=reason)
    if await User.exists(email_key=address.key):
        raise EmailTaken("email")
    return User(
        id=key.mint("usr"),
        email=address.shown,
        email_key=address.key,
        first_name=first,
        last_name=last,
        locale=locale,
        password_hash=await passwords.hash_password(
            registration.password, settings.secret_keys, settings.bcrypt_cost
        ),
    )


async def add(under_way: Act, user: User) -> None:
    """Save a prepared user; of two at once, one is told that the address is taken."""
    user.created_at = user.password_changed_at = under_way.now
    try:
        await user.save(force_create=True)
    except IntegrityError as no:
        raise EmailTaken("email") from no


async def first_session(under_way: Act, user: User) -> Opened:
    """Sign a new user in, and note that they registered; the last part of their act."""
    opened = await sessions.make_session(under_way, user, remember=False)
    who = sessions.user_in(opened.session, user, under_way.call)
    target = Target(user.id, "User", user.display_name)
    await under_way.record(NO_ACCOUNT, who, Deed(AuditAction.USER_REGISTERED, (target,)))
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
