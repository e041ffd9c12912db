"""What the usual resolvers share: the viewer, and a DataLoader for every thing that is looked up."""

import asyncio
from collections.abc import Sequence
from hashlib import sha256

from strawberry.dataloader import DataLoader
from tortoise.expressions import Q
from tortoise.functions import Count

import models
from app.kit import clock
from models import MembershipStatus, TicketStatus

Pair = tuple[str, str]


class Context:
    """One request."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.finding: asyncio.Task[models.Session | None] | None = None
        self.users = DataLoader(_users)
        self.operators = DataLoader(_operators)
        self.accounts = DataLoader(_accounts)
        self.members = DataLoader(_members)
        self.open_tickets = DataLoader(_open_tickets)

    async def session(self) -> models.Session:
        """Find the session once."""
        self.finding = self.finding or asyncio.create_task(self._find())
        session = await self.finding
        if session is None:
            raise PermissionError("Sign in first.")
        return session

    async def held(self, account_id: str) -> models.Membership | None:
        """Find the viewer's membership in an account."""
        return await self.members.load((account_id, (await self.session()).user_id))

    async def _find(self) -> models.Session | None:
        now, digest = clock.now(), sha256(self.secret.encode()).hexdigest()
        living = models.Session.filter(expires_at__gt=now, idle_until__gt=now, status="ACTIVE")
        return await living.filter(secret_digest=digest).select_related("user").first()


async def _users(keys: list[str]) -> Sequence[models.User | None]:
    rows = await models.User.in_bulk(keys, "id")
    return [rows.get(key) for key in keys]


async def _operators(keys: list[str]) -> Sequence[models.Operator | None]:
    found = await models.Operator.filter(id__in=keys).select_related("user")
    rows = {row.id: row for row in found}
    return [rows.get(key) for key in keys]


async def _accounts(keys: list[str]) -> Sequence[models.Account | None]:
    rows = await models.Account.in_bulk(keys, "id")
    return [rows.get(key) for key in keys]


async def _members(keys: list[Pair]) -> Sequence[models.Membership | None]:
    accounts, users = {account for account, _ in keys}, {user for _, user in keys}
    living = Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now())
    found = models.Membership.filter(
        living, account_id__in=accounts, user_id__in=users, status=MembershipStatus.ACTIVE
    )
    rows = {(row.account_id, row.user_id): row for row in await found}
    return [rows.get(key) for key in keys]


async def _open_tickets(keys: list[str]) -> Sequence[int]:
    open_ones = models.Ticket.filter(account_id__in=keys).exclude(status=TicketStatus.CLOSED)
    counted = open_ones.annotate(n=Count("id")).group_by("account_id").values("account_id", "n")
    rows = {row["account_id"]: row["n"] for row in await counted}
    return [rows.get(key, 0) for key in keys]
