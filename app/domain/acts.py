"""Doing something: a transaction that first locks the chain of the account it is about, then reads, then writes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from tortoise.transactions import in_transaction

from app.database import current, listening, riders, statements, writes
from app.database.prepared import Prepared
from app.database.writes import Write
from app.domain import audit
from app.domain.acting import Acting, place_of
from app.domain.audit import Deed, Who
from app.domain.calls import Call
from app.domain.refusals import SignInRequired
from app.domain.viewers import Viewer
from app.kit import clock
from models import (
    NO_ACCOUNT,
    ActorKind,
    AuditEvent,
    AuditHead,
    Operator,
    Session,
    SessionStatus,
)

HEAD: Final = "SELECT chain, sequence, hash FROM audit_heads WHERE chain = $1"
LIVING: Final = Prepared(
    lambda key: Session.filter(id=key, status=SessionStatus.ACTIVE).limit(1).values("id"),
    key=(Session, "id"),
)


class Act:
    """An act under way: the chains it holds, whom it will wake, and whether it wrote mail.

    `writes` is what waits for its end, to be written in one round trip: events, and what nobody reads before.
    """

    def __init__(self, call: Call) -> None:
        self.call = call
        self.now = clock.now()
        self.topics: set[str] = set()
        self.has_mail = False
        self.writes: list[Write] = []
        self._heads: dict[str, AuditHead] = {}

    async def lock(self, chain: str) -> None:
        """Wait for whoever acts in the same account; the chain without an account comes last of all."""
        self.hold(await _locked(chain))

    def hold(self, head: AuditHead) -> None:
        """Take a chain whose head is locked already."""
        self._heads[head.chain] = head

    async def begin_chain(self, chain: str) -> None:
        """Start the chain of an account that is being made."""
        self._heads[chain] = await AuditHead.create(chain=chain)

    async def record(self, chain: str, who: Who, deed: Deed) -> AuditEvent:
        """Write an event at the end of a chain; the account-less one is locked now, if it is not yet."""
        if chain not in self._heads:
            await self.lock(chain)
        head = self._heads[chain]
        event = self._event(head, who, deed)
        writes.put(event, hash=audit.seal(event, head.hash))
        self.writes.append(writes.insert(event))
        writes.put(head, sequence=event.sequence, hash=event.hash)
        self.topics.add(chain)
        return event

    def _event(self, head: AuditHead, who: Who, deed: Deed) -> AuditEvent:
        account = None if head.chain == NO_ACCOUNT else head.chain
        return writes.fresh(
            AuditEvent,
            chain=head.chain,
            sequence=head.sequence + 1,
            action=deed.action,
            actor_kind=who.kind,
            actor_id=who.id,
            actor_name=who.name,
            relationship=who.relationship,
            account_id=account,
            ticket_id=deed.ticket_id,
            session_hint=who.session_hint,
            via=who.via,
            permission_used=deed.used,
            targets=audit.stored(deed.targets),
            changes=audit.stored(deed.changes),
            outcome=deed.outcome,
            ip=self.call.ip if who.kind is not ActorKind.SYSTEM else None,
            user_agent=self.call.user_agent or None,
            request_id=self.call.request_id,
            created_at=self.now,
            hash="",
        )

    async def close(self) -> None:
        """Write what was decided, if who acts is who they were, and tell other processes once that is through."""
        await riders.settle()
        held = self._heads.values()
        heads = [writes.change(head, sequence=head.sequence, hash=head.hash) for head in held]
        await writes.write((*self.writes, *heads, *writes.notice(listening.CHANNEL, self.topics)))


async def _locked(chain: str) -> AuditHead:
    """Lock the head of a chain, whoever else waits; SQLite lets one write at a time anyway."""
    key = AuditHead._meta.pk.to_db_value(chain, AuditHead)  # noqa: SLF001  # it has no public name
    is_sqlite = current.dialect() == "sqlite"
    [row] = await statements.select(HEAD if is_sqlite else f"{HEAD} FOR NO KEY UPDATE", key)
    return AuditHead._init_from_db(**row)  # noqa: SLF001  # what a queryset would do


@asynccontextmanager
async def act(call: Call, chain: str | None = None) -> AsyncIterator[Act]:
    """Do something in one transaction; afterwards wake who waits for it, and the postman."""
    under_way = Act(call)
    async with in_transaction():
        if chain is not None:
            await under_way.lock(chain)
        yield under_way
        await under_way.close()
    call.site.hub.publish(under_way.topics)
    if under_way.has_mail:
        call.site.bell.set()


@asynccontextmanager
async def act_in(acting: Acting) -> AsyncIterator[tuple[Act, Acting]]:
    """Do something in an account: the lock first, then who acts is read again, so that nobody acts who was removed."""
    async with act(acting.viewer.call, acting.account.id) as under_way:
        yield under_way, await again(acting)


async def again(acting: Acting) -> Acting:
    """Read the actor once more, under the lock."""
    viewer = await still(acting.viewer)
    place = await place_of(viewer.user.id, acting.account.id)
    if place is not None:
        return Acting.at(viewer, place)
    await acting.account.refresh_from_db()
    return Acting(viewer, acting.account, None)


async def still(viewer: Viewer) -> Viewer:
    """Refuse a viewer whose session has ended meanwhile; read their rank again."""
    if not await LIVING.rows(key=viewer.session.id):
        raise SignInRequired
    if viewer.operator is None:
        return viewer
    return replace(viewer, operator=await Operator.get_or_none(id=viewer.operator.id))
