"""Filling the database to size: made-up people, accounts and tickets, in bulk, as if it were a year old."""

from collections.abc import Callable
from typing import Final

from tortoise.transactions import in_transaction

from app.demo import crowd_talk
from app.demo.crowd_people import Household, invented
from app.demo.crowd_talk import TICKETS_A_USER, Support
from app.demo.world import password_of
from app.domain.site import Site
from app.kit import passwords
from models import (
    Account,
    AuditEvent,
    AuditHead,
    Department,
    Membership,
    Operator,
    Ticket,
    TicketMessage,
    User,
)

DOMAIN: Final = "crowd.example"
ACCOUNTS_AT_ONCE: Final = 50  # a transaction: 100 users, 1,000 tickets, 5,000 messages


async def fill(site: Site, users: int, told: Callable[[int], None]) -> None:
    """Make users up to a number, in pairs: an account for two, ten tickets a user, five messages a ticket.

    All of them share one password hash. What is there already counts, so it can be broken off and begun again.
    """
    present = await size()
    settings = site.settings
    password_hash = await passwords.hash_password(
        password_of(site), settings.secret_keys, settings.bcrypt_cost
    )
    support = await _support()

    told(present)
    while present < users:
        accounts = min(ACCOUNTS_AT_ONCE, (users - present + 1) // 2)
        household = invented(present, accounts, password_hash)
        await _write(household, support)
        present += len(household.users)
        told(present)


async def size() -> int:
    """Count the made-up users."""
    return await User.filter(email_key__endswith=f"@{DOMAIN}").count()


async def _support() -> Support:
    staff = await Operator.all().order_by("created_at").select_related("user")
    (general,) = await Department.all().order_by("created_at").limit(1)
    return Support.of(staff, general.id)


async def _write(household: Household, support: Support) -> None:
    """Write everything of a few accounts, or nothing."""
    numbers = await crowd_talk.free_numbers(len(household.users) * TICKETS_A_USER)
    tickets, messages = crowd_talk.invented(household, support, numbers)
    async with in_transaction():
        await User.bulk_create(household.users)
        await Account.bulk_create(household.accounts)
        await Membership.bulk_create(household.memberships)
        await AuditHead.bulk_create(household.heads)
        await AuditEvent.bulk_create(household.events)
        await Ticket.bulk_create(tickets)
        await TicketMessage.bulk_create(messages)
