"""A forgotten password: the mailed link, then the question and the second factor where there are any."""

from datetime import datetime, timedelta

from app.domain import (
    emails,
    factors,
    links,
    own_passwords,
    own_sessions,
    questions,
    quotas,
    sessions,
    strangers,
    throttling,
    two_factor,
    verification,
)
from app.domain.acts import Act, act
from app.domain.audit import Who
from app.domain.calls import Call
from app.domain.emails import Mail
from app.domain.factors import Proof
from app.domain.links import LinkExpired
from app.domain.quotas import Limit
from app.domain.refusals import RateLimited, TwoFactorRequired
from app.kit import addresses, pacing
from app.kit.addresses import InvalidAddress
from app.kit.frozen import frozen
from models import NO_ACCOUNT, ActorKind, AuditAction, LinkPurpose, Passkey, User

SENDING = Limit(most=10, window=timedelta(days=1), gap=timedelta(minutes=1))


@frozen
class ResetPreview:
    """What a reset link asks for."""

    masked_email: str
    question: str | None
    requires_two_factor: bool
    expires_at: datetime


@frozen
class Reset:
    """A new password, and what proves that it may be set."""

    token: str
    new_password: str
    answer: str | None = None
    proof: Proof | None = None


async def request(call: Call, email: str) -> None:
    """Mail a reset link to who has a user; the answer never tells whether anybody has."""
    try:
        key = addresses.normalise(email).key
    except InvalidAddress:
        return
    user = await User.get_or_none(email_key=key)
    try:
        async with pacing.on_the_beat(), act(call) as under_way:
            await quotas.take(f"reset:{key}", SENDING)
            if user is not None:
                await _send(under_way, user)
            asked = sessions.target(user) if user else strangers.nobody(email)
            await strangers.note(under_way, AuditAction.USER_PASSWORD_RESET_REQUESTED, asked)
    except RateLimited:
        return  # to say so would tell that the address was asked for before


async def preview(token: str) -> ResetPreview | None:
    """Say what a reset link asks for; None for one that cannot be used."""
    link = await links.find(LinkPurpose.RESET_PASSWORD, token)
    if link is None:
        return None
    user, asks = link.user, link.user.email_verified_at is not None
    return ResetPreview(
        masked_email=addresses.mask(user.email),
        question=user.question if asks else None,
        requires_two_factor=asks and user.has_two_factor,
        expires_at=link.expires_at,
    )


async def reset(call: Call, given: Reset) -> None:
    """Set a new password; all sessions end. Whoever holds the mailbox of an address never verified gets it clean."""
    link = await links.find(LinkPurpose.RESET_PASSWORD, given.token)
    if link is None:
        raise LinkExpired("token")
    user = link.user
    hashed = await own_passwords.prepare(call, user, given.new_password)
    if user.email_verified_at is not None:
        await _prove(call, user, given)

    async with act(call, NO_ACCOUNT) as under_way:
        user = await links.use(under_way, LinkPurpose.RESET_PASSWORD, given.token)
        if user.email_verified_at is None:
            await _clear(user)
        await User.filter(id=user.id).update(pending_email=None, pending_email_key=None)
        await verification.mark(under_way, user)
        await own_sessions.close(under_way, await own_sessions.others_of(user, None))
        who = Who(ActorKind.USER, user.id, user.display_name, via=call.via)
        await own_passwords.store(under_way, user, hashed, who)
        await links.drop(user)


async def _send(under_way: Act, user: User) -> None:
    secret = await links.make(under_way, user, LinkPurpose.RESET_PASSWORD)
    facts = {
        "name": user.display_name,
        "link": under_way.call.site.link("reset", secret),
        "minutes": links.LIFETIMES[LinkPurpose.RESET_PASSWORD] // timedelta(minutes=1),
    }
    mail = Mail("reset_password", user.email, user.locale, facts, has_secret=True)
    await emails.queue(under_way, mail)


async def _prove(call: Call, user: User, given: Reset) -> None:
    """Ask for what the link alone does not prove; guesses count."""
    if user.has_two_factor and given.proof is None:
        raise TwoFactorRequired("twoFactor")
    attempt = throttling.by_user(user)
    await throttling.count(call, attempt)
    if user.question is not None:
        await questions.check(call, user, given.answer)
    if user.has_two_factor and given.proof is not None:
        await factors.check(call, user, given.proof)
    await throttling.forgive(attempt)


async def _clear(user: User) -> None:
    """Take from a user everything that whoever registered the address may have left there."""
    await two_factor.remove(user)
    await questions.forget(user)
    await Passkey.filter(user_id=user.id).delete()
