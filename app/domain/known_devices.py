"""Devices that their user is known on."""

from datetime import timedelta

from app.domain import emails
from app.domain.acts import Act
from app.domain.emails import Mail
from app.kit import clock, devices, secrets
from models import Device, User

LIFETIME = timedelta(days=30)
MOST = 20


async def find(user: User, token: str | None) -> Device | None:
    """Find the device that holds a token, if its user is this one."""
    if not token:
        return None
    rows = Device.filter(secret_digest=secrets.digest(token), user_id=user.id)
    return await rows.filter(expires_at__gt=clock.now()).first()


async def remember(under_way: Act, user: User, known: Device | None) -> str:
    """Give a device a new token at each sign-in; the mail about a new one goes to who has signed in before."""
    token = secrets.mint()
    if known is not None:
        await Device.filter(id=known.id).delete()
    elif user.last_login_at is not None:
        await _tell(under_way, user)
    await Device.create(
        user_id=user.id,
        secret_digest=secrets.digest(token),
        created_at=under_way.now,
        expires_at=under_way.now + LIFETIME,
    )
    oldest = await Device.filter(user_id=user.id).order_by("-created_at").offset(MOST).limit(1000)
    await Device.filter(id__in=[device.id for device in oldest]).delete()
    return token


async def forget(user: User) -> None:
    """Forget all devices of a user."""
    await Device.filter(user_id=user.id).delete()


async def _tell(under_way: Act, user: User) -> None:
    call = under_way.call
    facts = {
        "name": user.display_name,
        "device": devices.describe(call.user_agent).label,
        "ip": call.ip or "unknown",
        "at": under_way.now,
    }
    await emails.queue(under_way, Mail("new_device", user.email, user.locale, facts))
