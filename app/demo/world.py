"""The demo world: three small companies with a history, made by the rules that hold for everybody, once."""

from base64 import b32encode
from hmac import digest
from typing import Final

from tortoise.transactions import in_transaction

from app.demo import mailbox, story
from app.demo.cast import CAST, NEWCOMER, TOM
from app.demo.conversations import CONVERSATIONS, MAIL
from app.demo.stage import Stage
from app.domain import invites
from app.domain.site import Site
from app.kit import clock
from app.kit.frozen import frozen
from models import NO_ACCOUNT, Account, AuditHead, Invite, InviteStatus, Ticket, User

LETTERS: Final = "bcdfghjkmnpqrstvwxz23456789"  # no words, and none that look alike
GROUPS, GROUP = 4, 4


class DatabaseInUse(Exception):
    """The database has people in it who are not of the demo world."""


@frozen
class World:
    """What one needs to look around: password, the staff's second factor, two ids, and the link of an open invite."""

    password: str
    totp_secret: str
    account_id: str
    ticket_id: str
    invite_link: str | None


async def made(site: Site) -> World:
    """Make the world in one transaction, unless it is there; raises DatabaseInUse."""
    async with in_transaction():
        await AuditHead.select_for_update(no_key=True).get(chain=NO_ACCOUNT)  # one at a time
        if not await User.exists(email_key__in=[player.email for player in CAST]):
            if await User.exists():
                raise DatabaseInUse
            await _play(Stage(site, password_of(site), totp_secret_of(site)))
        return await _seen(site)


def password_of(site: Site) -> str:
    """Work out everybody's password: known to whoever has the secret key, and to nobody who has read this."""
    key = site.settings.secret_keys[-1].encode()  # the oldest, with which the world was made
    drawn = digest(key, b"the password of the demo world", "sha256")
    letters = "".join(LETTERS[byte % len(LETTERS)] for byte in drawn[: GROUPS * GROUP])
    return "-".join(letters[start : start + GROUP] for start in range(0, len(letters), GROUP))


def totp_secret_of(site: Site) -> str:
    """Work out the secret of the staff's authenticator app, in the same way."""
    key = site.settings.secret_keys[-1].encode()
    drawn = digest(key, b"the second factor of the demo world", "sha256")
    return b32encode(drawn[:20]).decode()


async def _play(stage: Stage) -> None:
    for at, play in story.told(story.PEOPLE + CONVERSATIONS, clock.now()):
        with clock.moved(at):
            await play(stage)
    await mailbox.seal(kept=NEWCOMER)


async def _seen(site: Site) -> World:
    told = Ticket.filter(subject=MAIL.subject, opener__email_key=TOM.email).order_by("created_at")
    (ticket,) = await told.limit(1)
    account = await Account.get(tickets__id=ticket.id)
    return World(
        password_of(site), totp_secret_of(site), account.id, ticket.id, await _link(site, account)
    )


async def _link(site: Site, account: Account) -> str | None:
    invite = await Invite.filter(account_id=account.id, email_key=NEWCOMER).first()
    secret = await mailbox.secret_for(NEWCOMER, "invite")
    if invite is None or secret is None:
        return None
    is_open = invites.status_of(invite) is InviteStatus.PENDING
    return site.link("invite", secret) if is_open else None
