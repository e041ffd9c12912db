"""Acting before a ticket: the account's lock, the actor and the ticket read again, and who it is that writes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from app.database import current, statements, writes
from app.database.prepared import Prepared
from app.database.statements import Joined
from app.domain import audit, badges, ticket_access
from app.domain.access import Rule
from app.domain.acting import Acting
from app.domain.acts import Act, act, again, still
from app.domain.audit import Change, Deed, Target, Who
from app.domain.refusals import NotFound
from app.domain.ticket_access import Desk
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
JOIN tickets t ON t.account_id = h.chain JOIN accounts a ON a.id = t.account_id
JOIN memberships m ON m.account_id = t.account_id AND m.user_id = $2
JOIN sessions s ON s.user_id = m.user_id AND s.id = $3 AND s.status = 'ACTIVE' WHERE t.id = $1"""  # noqa: S608  # nothing but names of columns is put in
# Who waited for the head's lock would read the others as they were before, if they were not locked, too.
LOCKING: Final = f"{MINE} FOR NO KEY UPDATE OF h, t FOR SHARE OF s, m, a"
TICKET: Final = Prepared(
    lambda key: Ticket.filter(id=key).limit(1).values(**statements.whole(Ticket, "ticket")),
    key=(Ticket, "id"),
)


@frozen
class Work:
    """An act before a ticket: under its lock, with everything read again."""

    under_way: Act
    desk: Desk
    ticket: Ticket

    @property
    def chain(self) -> str:
        """Where the act is noted: with the ticket's account, if it has one."""
        return self.ticket.account_id or NO_ACCOUNT


@asynccontextmanager
async def at_work(desk: Desk, rule: Rule) -> AsyncIterator[Work]:
    """Do something to a ticket, once the rule is met under the lock."""
    async with act(desk.viewer.call) as under_way:
        desk, ticket = await _member(desk, under_way) or await _anybody(desk, under_way)
        desk.admit(rule)
        if ticket is None or ticket.account_id != desk.account_id:
            raise NotFound("ticketId", thing="ticket")
        yield Work(under_way, desk, ticket)


async def _member(desk: Desk, under_way: Act) -> tuple[Desk, Ticket] | None:
    """Lock and read the chain, and session, place and ticket of a customer again; None if one is not there."""
    if desk.acting is None or desk.viewer.operator is not None:
        return None
    viewer = desk.viewer
    keys = stored("tkt", desk.id), stored("usr", viewer.user.id), stored("ses", viewer.session.id)
    sql = MINE if current.dialect() == "sqlite" else LOCKING
    for ticket, account, held, head in await statements.joined(READ, sql, *keys):
        under_way.hold(head)
        return Desk(viewer, desk.row, Acting(viewer, account, held)), ticket
    return None


async def _anybody(desk: Desk, under_way: Act) -> tuple[Desk, Ticket | None]:
    """Lock the chain, and read whoever acts again, one by one; refuse whose session has ended."""
    await under_way.lock(desk.account_id or NO_ACCOUNT)
    if desk.acting is not None:
        acting = await again(desk.acting)
        desk = Desk(acting.viewer, desk.row, acting)
    else:
        desk = Desk(await still(desk.viewer), desk.row, None)
    rows = await TICKET.rows(key=desk.id)
    return desk, statements.instance(Ticket, "ticket", rows[0]) if rows else None


def afterwards(work: Work) -> Desk | None:
    """See the ticket as the act leaves it, without reading it again; None if what it refers to has changed."""
    row, ticket = work.desk.row, work.ticket
    refers = {"department.id": ticket.department_id, "assigned_to.id": ticket.assigned_to_id}
    if work.desk.acting is not None:
        refers["account.owner_id"] = work.desk.acting.account.owner_id
    if any(row.get(name, id) != id for name, id in refers.items()):
        return None
    now = {column: getattr(ticket, column) for column in ticket_access.PLAIN}
    return Desk(work.desk.viewer, {**row, **now}, work.desk.acting)


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
