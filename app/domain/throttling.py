"""Slowing down who guesses: by address, by source and by device, the same for addresses that nobody has."""

from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network
from math import ceil

from tortoise.transactions import in_transaction

from app.domain import audit, emails, links
from app.domain.acts import act
from app.domain.audit import Deed, Target
from app.domain.calls import Call
from app.domain.emails import Mail
from app.domain.refusals import LockedOut, RateLimited
from app.kit import clock
from app.kit.frozen import frozen
from models import NO_ACCOUNT, AuditAction, LinkPurpose, Throttle, User

FREE = {"a": 5, "s": 20, "d": 5, "u": 5}
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_MISSES = 100
IPV4, NETWORK_BITS = 4, 64
LOCKED_FOR = timedelta(hours=24)


@frozen
class Attempt:
    """What one guess counts against."""

    keys: tuple[str, ...]
    user: User | None = None


def by_address(email_key: str) -> str:
    """Count against an address, known or not; what is kept does not tell it."""
    return f"a:{sha256(f'throttle {email_key}'.encode()).hexdigest()}"


def by_source(call: Call) -> str:
    """Count against where a request comes from: of IPv6, a network, whose every address one person can have."""
    try:
        address = ip_address(call.ip or "")
    except ValueError:
        return "s:unknown"
    return f"s:{address if address.version == IPV4 else ip_network((address, NETWORK_BITS), strict=False)}"


def by_user(user: User) -> Attempt:
    """Count against somebody whose password is proved: their codes, answers and passwords must not be guessed."""
    return Attempt((f"u:{user.id}",), user)


async def count(call: Call, attempt: Attempt) -> None:
    """Count a guess before it is made, or refuse it: of many at once, only so many are made."""
    now, has_locked = clock.now(), False
    async with in_transaction():
        rows = await _rows(attempt.keys)
        for row in rows:
            _refuse_early(row)
        for row in rows:
            if (
                row.locked_until is not None
            ):  # over: it begins anew, or one guess a day would lock for ever
                row.misses, row.locked_until = 0, None
            row.misses, row.last_at = row.misses + 1, now
            if row.misses >= MOST_MISSES and row.key.startswith("a:"):
                row.locked_until, has_locked = now + LOCKED_FOR, True
            await row.save(update_fields=["misses", "last_at", "locked_until"])
    if has_locked and attempt.user is not None:
        await _tell(call, attempt.user)


async def forgive(attempt: Attempt) -> None:
    """Forget the misses of who has proved who they are; a source gets only this one back."""
    async with in_transaction():
        for row in await _rows(attempt.keys):
            if row.key.startswith("s:"):
                await Throttle.filter(key=row.key).update(misses=max(0, row.misses - 1))
            else:
                # Not deleted: who waits for the row's lock would find it gone.
                await Throttle.filter(key=row.key).update(misses=0, locked_until=None)


async def unlock(call: Call, secret: str) -> None:
    """Open a locked sign-in with the secret of the mailed link."""
    async with act(call) as under_way:
        user = await links.use(under_way, LinkPurpose.UNLOCK, secret)
        row = Throttle.filter(key=by_address(user.email_key))
        await row.update(misses=0, locked_until=None)
        deed = Deed(AuditAction.USER_UNLOCKED, (Target(user.id, "User", user.display_name),))
        await under_way.record(NO_ACCOUNT, audit.SYSTEM, deed)


async def _rows(keys: Iterable[str]) -> list[Throttle]:
    return [await _row(key) for key in sorted(keys)]


async def _row(key: str) -> Throttle:
    """Lock the row of a key, which is made if there is none; whoever cleans up may take it away in between."""
    while True:
        fresh = Throttle(key=key, misses=0, last_at=clock.now() - LONGEST_WAIT)
        await Throttle.bulk_create([fresh], ignore_conflicts=True)
        row = await Throttle.select_for_update().get_or_none(key=key)
        if row is not None:
            return row


def _refuse_early(row: Throttle) -> None:
    now = clock.now()
    if row.locked_until is not None and row.locked_until > now:
        raise LockedOut(ceil((row.locked_until - now).total_seconds()))
    ready = row.last_at + _wait(row)
    if ready > now:
        raise RateLimited(ceil((ready - now).total_seconds()))


def _wait(row: Throttle) -> timedelta:
    beyond = row.misses - FREE[row.key[0]]
    return min(FIRST_WAIT * 2 ** min(beyond, 12), LONGEST_WAIT) if beyond >= 0 else timedelta(0)


async def _tell(call: Call, user: User) -> None:
    async with act(call) as under_way:
        secret = await links.make(under_way, user, LinkPurpose.UNLOCK)
        link = call.site.link("unlock", secret)
        hours = links.LIFETIMES[LinkPurpose.UNLOCK] // timedelta(hours=1)
        facts = {"name": user.display_name, "link": link, "hours": hours}
        await emails.queue(
            under_way, Mail("locked", user.email, user.locale, facts, has_secret=True)
        )
        deed = Deed(AuditAction.USER_LOCKED_OUT, (Target(user.id, "User", user.display_name),))
        await under_way.record(NO_ACCOUNT, audit.SYSTEM, deed)
