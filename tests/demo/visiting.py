"""Looking around in the demo world."""

from tortoise import Model

from app.demo.cast import Player
from app.demo.world import World
from app.domain import audit
from app.kit import clock, totp
from app.main import Application
from models import (
    Account,
    AuditEvent,
    AuditHead,
    Email,
    Invite,
    Link,
    Membership,
    Operator,
    Quota,
    Session,
    Ticket,
    TicketMessage,
    User,
)
from tests.stage import LOGIN, Person

TABLES: tuple[type[Model], ...] = (
    Account,
    AuditEvent,
    AuditHead,
    Email,
    Invite,
    Link,
    Membership,
    Operator,
    Quota,
    Session,
    Ticket,
    TicketMessage,
    User,
)


async def enter(app: Application, player: Player, demo: World) -> Person:
    """Sign in with what is printed."""
    person = Person(app, player.first)
    login: dict[str, object] = {"email": player.email, "password": demo.password}
    user = await User.get(email_key=player.email)
    if user.has_two_factor:
        await User.filter(id=user.id).update(totp_step=0)  # as if no code had been used yet
        login["twoFactor"] = {"totp": totp.code(demo.totp_secret, clock.now())}
    payload = await person.does(LOGIN, **login)
    assert payload["errors"] == []
    person.token = payload["sessionToken"]
    return person


async def account_named(name: str) -> str:
    """Find an account of the world."""
    id: str = (await Account.get(name=name)).id
    return id


async def counts() -> dict[str, int]:
    """Count the rows of every table."""
    return {model.__name__: await model.all().count() for model in TABLES}


async def is_whole(head: AuditHead) -> bool:
    """Whether a chain fits together, and ends in its head."""
    last = await AuditEvent.get(chain=head.chain, sequence=head.sequence)
    return last.hash == head.hash and await audit.first_broken(head.chain) is None


async def broken_chains() -> list[str]:
    """Name the chains that are not whole."""
    return [head.chain for head in await AuditHead.all() if not await is_whole(head)]
