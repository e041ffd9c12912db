"""The data that is measured: people who work in ten accounts each, and one long ticket in every account."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from itertools import count
from typing import Final

from tortoise.transactions import in_transaction

from app.domain.audit import Deed, Target, Who
from app.kit import clock
from models import (
    EVERYTHING,
    Account,
    AccountStatus,
    ActorKind,
    AuditAction,
    AuditHead,
    Department,
    Membership,
    Operator,
    OperatorRole,
    Permission,
    Session,
    User,
    key,
)
from tests.benchmarks import events, talks
from tests.benchmarks.questions import Asker
from tests.benchmarks.sizes import VIEWERS_ACCOUNTS, VIEWERS_OTHERS, Size
from tests.benchmarks.talks import Cast

NOW: Final = clock.now()
FIRST: Final = ("Ada", "Grace", "Edsger", "Barbara", "Linus", "Margaret", "Dennis", "Radia")
LAST: Final = ("Lovelace", "Hopper", "Dijkstra", "Liskov", "Torvalds", "Hamilton", "Öberg")
SUSPENDED: Final = 7
numbers = count(1)


@dataclass(frozen=True, slots=True)
class Block:
    """The rows of one viewer's ten accounts."""

    users: list[User] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    members: list[Membership] = field(default_factory=list)


async def fill(size: Size, told: Callable[[int], None]) -> list[Asker]:
    """Fill a migrated database, in bulk, and name who may ask what; `told` hears how many accounts there are."""
    general = await Department.all().first()
    assert general is not None
    staff = await _staff()
    askers: list[Asker] = []
    for number in range(size.viewers):
        async with in_transaction():
            askers += await _block(size, number, general.id, staff)
        told((number + 1) * VIEWERS_ACCOUNTS)
    return askers


async def _staff() -> list[Operator]:
    users = [_user() for _ in range(2)]
    await User.bulk_create(users)
    await Operator.bulk_create(
        Operator(id=key.mint("opr"), user_id=user.id, role=OperatorRole.AGENT, created_at=NOW)
        for user in users
    )
    return await Operator.all().select_related("user")


async def _block(size: Size, number: int, department: str, staff: list[Operator]) -> list[Asker]:
    block, secret = Block(), f"token-{number}"
    viewer = _user()
    block.users.append(viewer)
    block.sessions.append(_session(viewer, secret))
    block.users.extend(_user() for _ in range(VIEWERS_OTHERS))
    casts = [_account(block, n, department) for n in range(VIEWERS_ACCOUNTS)]
    await User.bulk_create(block.users)
    await Session.bulk_create(block.sessions)
    await Account.bulk_create(block.accounts)
    await Membership.bulk_create(block.members)
    await AuditHead.bulk_create([AuditHead(chain=each.id) for each in block.accounts])
    askers = [await _talk(size, cast, staff, secret) for cast in casts]
    return [each for n, each in enumerate(askers) if n != SUSPENDED]


def _account(block: Block, n: int, department: str) -> Cast:
    viewer, *people = block.users
    others = [people[(2 * n + each) % VIEWERS_OTHERS] for each in range(5)]
    owner, colleague, former = viewer if n == 0 else others[0], others[1], others[2]
    account = Account(
        id=key.mint("acc"),
        name=f"{owner.last_name} {n} GmbH",
        name_key=f"{owner.last_name} {n} gmbh".casefold(),
        email="office@x.example",
        owner_id=owner.id,
        status=AccountStatus.SUSPENDED if n == SUSPENDED else AccountStatus.ACTIVE,
        created_at=NOW - timedelta(days=300, minutes=n),
    )
    block.accounts.append(account)
    block.members.extend(_members(account, {owner.id, viewer.id, colleague.id}, former.id))
    return Cast(account, department, viewer, (owner, colleague, former, others[3], others[4]))


def _members(account: Account, inside: set[str], former: str) -> Iterator[Membership]:
    helps = frozenset({Permission.TICKETS, Permission.MANAGE_DOMAINS, Permission.VIEW_AUDIT_LOG})
    for id in sorted(inside):
        yield _membership(account, id, EVERYTHING if id == account.owner_id else helps)
    ended = _membership(account, former, helps)
    ended.expires_at = ended.ended_at = NOW - timedelta(days=1)
    yield ended


def _membership(account: Account, user: str, granted: frozenset[Permission]) -> Membership:
    return Membership(
        id=key.mint("mem"),
        account_id=account.id,
        user_id=user,
        granted=granted,
        joined_at=account.created_at,
        last_active_at=NOW,
    )


async def _talk(size: Size, cast: Cast, staff: list[Operator], secret: str) -> Asker:
    read, reply = await talks.write(size, cast, staff)
    who = Who(ActorKind.USER, cast.viewer.id, cast.viewer.display_name)
    target = Target(reply, "Ticket", "A ticket")
    await events.write(cast.account.id, who, Deed(AuditAction.TICKET_CLOSED, (target,)), size)
    return Asker(secret, cast.account.id, read, reply)


def _user() -> User:
    number = next(numbers)
    email = f"user{number}@bench.example"
    return User(
        id=key.mint("usr"),
        email=email,
        email_key=email,
        first_name=FIRST[number % len(FIRST)],
        last_name=f"{LAST[number % len(LAST)]} {number}",
        locale="en",
        password_hash="",
        password_changed_at=NOW,
        created_at=NOW,
    )


def _session(user: User, secret: str) -> Session:
    later = NOW + timedelta(days=300)
    return Session(
        id=key.mint("ses"),
        user_id=user.id,
        secret_digest=sha256(secret.encode()).hexdigest(),
        created_at=NOW,
        last_active_at=later,
        idle_until=later,
        expires_at=later,
    )
