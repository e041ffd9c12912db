"""Acting before a ticket: the account's lock, the actor and the ticket read again, and who it is that writes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from app.database import current, riders, statements, writes
from app.database.prepared import Prepared
from app.database.statements import Joined, Row
from app.domain import audit, badges, texts, ticket_access
from app.domain.access import Rule
from app.domain.acting import Acting
from app.domain.acts import Act, act, again, still
from app.domain.audit import Change, Deed, Target, Who
from app.domain.refusals import NotFound
from app.domain.ticket_access import Desk
from app.domain.viewers import Viewer
from app.kit.frozen import frozen
from models import (
    NO_ACCOUNT,
    Account,
    ActorKind,
    AuditAction,
    AuditHead,
    Membership,
    Permission,
    Relationship,
    Ticket,
    TicketMessage,
    TicketStatus,
)
from models.key import stored

READ: Final = Joined(t=Ticket, a=Account, m=Membership, h=AuditHead)
MINE: Final = f"""SELECT {READ.columns} FROM audit_heads h
JOIN tickets t ON t.account_id = h.chain JOIN accounts a ON a.id = t.account_id AND a.status <> 'CLOSED'
JOIN memberships m ON m.account_id = t.account_id AND m.user_id = $2 AND m.status = 'ACTIVE'
JOIN sessions s ON s.user_id = m.user_id AND s.id = $3 AND s.status = 'ACTIVE' WHERE t.id = $1"""  # noqa: S608  # nothing but names of columns is put in
# Who waited for the head's lock would read the others as they were before, if they were not locked, too.
LOCKING: Final = f"{MINE} FOR NO KEY UPDATE OF h, t FOR SHARE OF s, m, a"
TICKET: Final = Prepared(
    lambda key: Ticket.filter(id=key).limit(1).values(**statements.whole(Ticket, "ticket")),
    key=(Ticket, "id"),
)
# What a ticket refers to, and is shown with it, but is not read with the lock.
BEYOND: Final = frozenset(
    {"department.id", "opener.id", "opener_operator.id", "assigned_to.id", badges.STANDING}
)
ASKED: Final = {"account_id", "opener_id", "account.id", "account.status", "account.owner_id"}
UNASKED: Final = frozenset(ticket_access.COLUMNS.keys() - ASKED - {"id"})
"""What no rule asks of a ticket."""


@dataclass(slots=True, eq=False)
class Errand:
    """What somebody comes to a ticket for: it is found, and the rule decides, under its lock.

    `without` is what nobody asks to be shown of the ticket afterwards; `acting` is known once the ticket is found.
    """

    viewer: Viewer
    ticket_id: str
    rule: Rule
    without: frozenset[str] = frozenset()
    acting: Acting | None = None


@frozen
class Work:
    """An act before a ticket: under its lock, with everything read there."""

    under_way: Act
    desk: Desk
    ticket: Ticket

    @property
    def chain(self) -> str:
        """Where the act is noted: with the ticket's account, if it has one."""
        return self.ticket.account_id or NO_ACCOUNT


@asynccontextmanager
async def at_work(errand: Errand) -> AsyncIterator[Work]:
    """Do something to a ticket, once it is found, and the rule met, under the lock."""
    if texts.key("tkt", errand.ticket_id) is None:
        raise NotFound("ticketId", thing="ticket")
    if current.dialect() == "sqlite":
        await _look(errand)  # whose turn it is to write has everybody wait
    async with act(errand.viewer.call) as under_way:
        desk, ticket = await _member(errand, under_way) or await _anybody(errand, under_way)
        errand.acting = desk.acting
        desk.admit(errand.rule)
        yield Work(under_way, desk, ticket)


async def _member(errand: Errand, under_way: Act) -> tuple[Desk, Ticket] | None:
    """Lock and read chain, session, place and ticket of a customer in one go; None if one of them is not there."""
    viewer = errand.viewer
    if viewer.operator is not None:
        return None
    asked = ("tkt", errand.ticket_id), ("usr", viewer.user.id), ("ses", viewer.session.id)
    keys = [stored(*key) for key in asked]
    sql = MINE if current.dialect() == "sqlite" else LOCKING
    for ticket, account, held, head in await statements.joined(READ, sql, *keys):
        acting = Acting(viewer, account, held)
        if not acting.is_let_in:
            raise NotFound("ticketId", thing="ticket")
        under_way.hold(head)
        return Desk(viewer, _row(ticket), acting), ticket
    return None


async def _anybody(errand: Errand, under_way: Act) -> tuple[Desk, Ticket]:
    """Find the ticket, lock its chain, and read whoever acts again, one by one; refuse whose session has ended."""
    found = await _look(errand)
    await under_way.lock(found.account_id or NO_ACCOUNT)
    acting = await again(found.acting) if found.acting else None
    viewer = acting.viewer if acting else await still(found.viewer)
    rows = await TICKET.rows(key=found.id)
    ticket = statements.instance(Ticket, "ticket", rows[0]) if rows else None
    if ticket is None or ticket.account_id != found.account_id:
        raise NotFound("ticketId", thing="ticket")
    return Desk(viewer, _row(ticket), acting), ticket


async def _look(errand: Errand) -> Desk:
    """Find the ticket before anybody has to wait, and ask the rule a first time."""
    found = await ticket_access.find(errand.viewer, id=errand.ticket_id, without=UNASKED)
    errand.acting = found.acting
    await riders.settle()
    found.admit(errand.rule)
    return found


def _row(ticket: Ticket) -> Row:
    return {column: getattr(ticket, column) for column in ticket_access.PLAIN}


async def afterwards(work: Work, without: frozenset[str]) -> Desk:
    """See the ticket as the act leaves it: nothing is read once it is done, for that might fail."""
    desk, row = work.desk, _row(work.ticket)
    if not without >= BEYOND:
        found = await ticket_access.find(desk.viewer, id=work.ticket.id, without=without)
        row = {**found.row, **row}
    return Desk(desk.viewer, row, desk.acting)


def customer(desk: Desk) -> Who:
    """Name the viewer as a customer, by what they are to the account."""
    standing = Relationship.REGISTERED_USER
    if desk.acting is not None:
        standing = badges.of_member(desk.acting)
    return audit.person(desk.viewer, standing)


def whoever(desk: Desk) -> Who:
    """Name the viewer as a customer where they are one, else as staff."""
    lets_in = desk.is_own or (desk.acting is not None and desk.acting.is_let_in)
    return customer(desk) if lets_in else audit.staff(desk.viewer)


def write(work: Work, who: Who, body: str, *, internal: bool = False) -> TicketMessage:
    """Write a message, with the badge of its author frozen."""
    viewer, now = work.desk.viewer, work.under_way.now
    is_staff = who.kind is ActorKind.OPERATOR
    message = writes.fresh(
        TicketMessage,
        ticket_id=work.ticket.id,
        account_id=work.ticket.account_id,
        author_kind=who.kind,
        author_id=None if is_staff else viewer.user.id,
        operator_id=who.id if is_staff else None,
        author_name=who.name,
        author_email=viewer.user.email,
        relationship=who.relationship,
        body=body,
        via=who.via,
        ip=viewer.call.ip,
        internal=internal,
        created_at=now,
    )
    work.under_way.writes.append(writes.insert(message))
    return message


def move(work: Work, status: TicketStatus, *, is_reply: bool = False) -> TicketStatus:
    """Give the ticket a status, and say which it had."""
    ticket, before, now = work.ticket, work.ticket.status, work.under_way.now
    replied = now if is_reply else ticket.last_reply_at
    work.under_way.writes.append(
        writes.change(ticket, status=status, updated_at=now, last_reply_at=replied)
    )
    return before


@frozen
class Step:
    """What is noted of an act: what was said, and the status that the ticket had before."""

    action: AuditAction
    message: TicketMessage | None = None
    before: TicketStatus | None = None


async def record(work: Work, who: Who, step: Step) -> None:
    """Note an act that the account may know of, with the change of status if there was one."""
    ticket, after, before = work.ticket, work.ticket.status, step.before
    changed = before is not None and before is not after
    changes = (Change("status", before, after),) if changed else ()
    targets = [Target(ticket.id, "Ticket", f"{ticket.number} {ticket.subject}")]
    if step.message is not None:
        targets.append(Target(step.message.id, "TicketMessage", ticket.number))
    used = None if who.kind is ActorKind.OPERATOR or work.desk.is_own else Permission.TICKETS
    deed = Deed(step.action, tuple(targets), changes, used, ticket.id)
    await work.under_way.record(work.chain, who, deed)
