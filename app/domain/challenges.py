"""Challenges for passkeys to answer: each once, within minutes."""

from datetime import timedelta

from tortoise.transactions import in_transaction

from app.domain import quotas, texts
from app.domain.calls import Call
from app.domain.quotas import Limit
from app.kit import ceremonies, clock, secrets
from models import Challenge, ChallengePurpose

LIFETIME = timedelta(minutes=ceremonies.MINUTES)
FROM_ONE_SOURCE = Limit(most=300, window=LIFETIME)


async def issue(call: Call, purpose: ChallengePurpose, user_id: str | None = None) -> Challenge:
    """Make a challenge, perhaps for one user alone; those that nobody has answered in time go."""
    now = clock.now()
    async with in_transaction():
        await quotas.take(f"challenges:{call.ip or 'unknown'}", FROM_ONE_SOURCE)
        await Challenge.filter(expires_at__lte=now).delete()
        return await Challenge.create(
            user_id=user_id, purpose=purpose, challenge=secrets.mint(), expires_at=now + LIFETIME
        )


async def use(id: str, purpose: ChallengePurpose, user_id: str | None = None) -> str | None:
    """Use a challenge up; None unless it is of this purpose and user, and nobody else has answered it yet."""
    known = texts.key("chl", id)
    found = known and await Challenge.get_or_none(id=known, purpose=purpose, user_id=user_id)
    if not found or not await Challenge.filter(id=found.id).delete():
        return None
    return found.challenge if found.expires_at > clock.now() else None
