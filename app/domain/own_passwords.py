"""Changing one's own password."""

from app.domain import audit, emails, identity, known_devices, links, own_sessions, sessions
from app.domain.acts import Act, act, still
from app.domain.audit import Deed, Who
from app.domain.calls import Call
from app.domain.emails import Mail
from app.domain.users import PasswordTooWeak
from app.domain.viewers import Viewer
from app.kit import devices, passwords
from models import NO_ACCOUNT, AuditAction, LinkPurpose, User


async def change(viewer: Viewer, current: str, new: str) -> int:
    """Change the password, and end all other sessions; how many there were."""
    await identity.check_password(viewer, current, "currentPassword")
    if passwords.is_same(current, new):  # one that was given out at first must not stay
        raise PasswordTooWeak("newPassword", reason="Choose another one than you have.")
    hashed = await prepare(viewer.call, viewer.user, new)

    async with act(viewer.call, NO_ACCOUNT) as under_way:
        viewer = await still(viewer)
        others = await own_sessions.others_of(viewer.user, viewer.session.id)
        await own_sessions.close(under_way, others)
        await store(under_way, viewer.user, hashed, audit.person(viewer))
    return len(others)


async def prepare(call: Call, user: User, new: str) -> str:
    """Check and hash a new password, before the transaction."""
    context = (user.email, user.first_name, user.last_name)
    if (reason := await passwords.weakness(new, context)) is not None:
        raise PasswordTooWeak("newPassword", reason=reason)
    settings = call.site.settings
    return await passwords.hash_password(new, settings.secret_keys, settings.bcrypt_cost)


async def store(under_way: Act, user: User, hashed: str, who: Who) -> None:
    """Write a new password: links for resetting die, devices are forgotten, the user is told."""
    await User.filter(id=user.id).update(
        password_hash=hashed, password_changed_at=under_way.now, must_change_password=False
    )
    await links.drop(user, LinkPurpose.RESET_PASSWORD, LinkPurpose.VERIFY_EMAIL)
    await known_devices.forget(user)
    facts = {
        "name": user.display_name,
        "at": under_way.now,
        "device": devices.describe(under_way.call.user_agent).label,
    }
    await emails.queue(under_way, Mail("password_changed", user.email, user.locale, facts))
    deed = Deed(AuditAction.USER_PASSWORD_CHANGED, (sessions.target(user),))
    await under_way.record(NO_ACCOUNT, who, deed)
