"""Made-up people and the accounts that they work in."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Final

from app.domain import accounts, audit
from app.domain.audit import Who
from app.kit import clock
from app.kit.frozen import frozen
from models import (
    EVERYTHING,
    Account,
    ActorKind,
    AuditAction,
    AuditEvent,
    AuditHead,
    AuditOutcome,
    Channel,
    Membership,
    MembershipStatus,
    Permission,
    Permissions,
    Relationship,
    User,
    key,
)

FIRST: Final = (
    "Amara",
    "Björn",
    "Chloé",
    "Dario",
    "Elif",
    "Farid",
    "Greta",
    "Hana",
    "Ivo",
    "Júlia",
)
LAST: Final = ("Arslan", "Berg", "Costa", "Diallo", "Eriksen", "Fuchs", "García", "Horvat", "Ito")
TRADES: Final = ("Bakery", "Bicycles", "Books", "Films", "Gardens", "Print", "Robots", "Travel")
COLLEAGUE: Final[Permissions] = frozenset({Permission.TICKETS, Permission.PRODUCTS})
HELPER: Final[Permissions] = frozenset({Permission.TICKETS})
AGENCY: Final[Permissions] = frozenset({Permission.TICKETS, Permission.MANAGE_DOMAINS})
YEAR: Final = timedelta(days=365)
SHUT_OUT, GONE = 3, 7  # of ten accounts


@frozen
class Household:
    """The rows of a few accounts that share an agency: account n is of the users 2n, its owner, and 2n + 1."""

    users: list[User]
    accounts: list[Account]
    memberships: list[Membership]
    heads: list[AuditHead]
    events: list[AuditEvent]


def invented(already: int, count: int, password_hash: str) -> Household:
    """Make up a few accounts with their people; `already` of them are there."""
    draw, now = Random(already), clock.now()  # noqa: S311  # no secret
    long_ago = now - YEAR
    users = [_user(already + n + 1, draw, long_ago, password_hash) for n in range(2 * count)]
    founded = [_account(users[2 * n], draw) for n in range(count)]
    log = [_founding(account, users[2 * n]) for n, account in enumerate(founded)]
    return Household(
        users,
        founded,
        [held for n in range(count) for held in _memberships(users, founded[n], n)],
        [AuditHead(chain=event.chain, sequence=1, hash=event.hash) for event in log],
        log,
    )


def _user(number: int, draw: Random, long_ago: datetime, password_hash: str) -> User:
    email = f"user{number}@crowd.example"
    at = long_ago + timedelta(minutes=number % 10_000)
    return User(
        id=key.mint("usr"),
        email=email,
        email_key=email,
        email_verified_at=at,
        first_name=draw.choice(FIRST),
        last_name=draw.choice(LAST),
        locale=draw.choice(("en", "de")),
        password_hash=password_hash,
        password_changed_at=at,
        created_at=at,
    )


def _account(owner: User, draw: Random) -> Account:
    name = f"{owner.last_name} {draw.choice(TRADES)} {draw.randrange(1000)}"
    return Account(
        id=key.mint("acc"),
        name=name,
        name_key=name.casefold(),
        email=owner.email,
        owner_id=owner.id,
        created_at=owner.created_at,
    )


def _memberships(users: list[User], account: Account, n: int) -> Iterator[Membership]:
    """Let the owner in, a colleague, somebody's from the next account, and the agency; a few are gone, or shut out."""
    owner, colleague = users[2 * n], users[2 * n + 1]
    helper, agency = users[(2 * n + 3) % len(users)], users[0]
    sets = {agency.id: AGENCY, helper.id: HELPER, colleague.id: COLLEAGUE, owner.id: EVERYTHING}
    for id, granted in sets.items():
        held = _membership(account, id, granted)
        if id == colleague.id and n % 10 == SHUT_OUT:
            held.status = MembershipStatus.SUSPENDED
        if id == helper.id and n % 10 == GONE:
            held.status, held.ended_at = MembershipStatus.ENDED, clock.now()
        yield held


def _membership(account: Account, user_id: str, granted: Permissions) -> Membership:
    return Membership(
        id=key.mint("mem"),
        account_id=account.id,
        user_id=user_id,
        granted=granted,
        joined_at=account.created_at,
        last_active_at=account.created_at,
    )


def _founding(account: Account, owner: User) -> AuditEvent:
    who = Who(ActorKind.USER, owner.id, owner.display_name, Relationship.OWNER)
    event = AuditEvent(
        id=key.mint("evt"),
        chain=account.id,
        sequence=1,
        action=AuditAction.ACCOUNT_CREATED,
        actor_kind=who.kind,
        actor_id=who.id,
        actor_name=who.name,
        relationship=who.relationship,
        account_id=account.id,
        via=Channel.WEB,
        targets=audit.stored((accounts.target(account),)),
        changes=audit.stored(()),
        outcome=AuditOutcome.SUCCEEDED,
        request_id="demo",
        created_at=account.created_at,
        hash="",
    )
    event.hash = audit.seal(event, AuditHead().hash)
    return event
