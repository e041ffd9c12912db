"""Tickets: opening, replying, closing, reopening, and answering as staff."""

import secrets

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from app.domain import access, audit, desks, texts, ticket_mail
from app.domain.acting import Acting
from app.domain.acts import act_in
from app.domain.audit import Deed, Target, Who
from app.domain.desks import Errand, Step, Work
from app.domain.refusals import ErrorCode, InvalidInput, NotFound, Refusal
from app.domain.ticket_access import Desk
from app.kit.frozen import frozen
from models import (
    NO_ACCOUNT,
    ActorKind,
    AuditAction,
    Department,
    OperatorRole,
    Permission,
    Ticket,
    TicketMessage,
    TicketPriority,
    TicketStatus,
)

SUBJECT_LIMIT = 300
OPENING = access.member(Permission.TICKETS, staff=OperatorRole.AGENT)
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


class TicketLocked(Refusal):
    """Staff have locked the ticket."""

    code = ErrorCode.TICKET_LOCKED
    says = "This ticket is locked: customers cannot reply to it or reopen it."


@frozen
class Opening:
    """What a new ticket is about."""

    subject: str
    body: str
    department_id: str
    priority: TicketPriority = TicketPriority.MEDIUM


@frozen
class Answer:
    """What staff write: to the customer, or a note that only staff see; and what the ticket's status becomes."""

    body: str
    internal: bool = False
    status: TicketStatus | None = None


async def open_ticket(
    acting: Acting, opening: Opening, without: frozenset[str] = frozenset()
) -> Desk:
    """Open a ticket in an account; `without` is what nobody asks to be shown of it."""
    subject = texts.name(opening.subject, SUBJECT_LIMIT, "subject")
    body = texts.body(opening.body, "body")
    department = await _department(opening.department_id)

    async with act_in(acting) as (under_way, acting):
        OPENING.admit(acting.viewer, acting)

        desk = Desk(acting.viewer, {"account_id": acting.account.id}, acting)
        who = desks.whoever(desk)
        ticket = _opened_by(who, acting)
        ticket.department_id, ticket.subject = department.id, subject
        ticket.priority = opening.priority
        ticket.created_at = ticket.updated_at = under_way.now
        await _number(ticket)
        work = Work(under_way, desk, ticket)
        message = desks.write(work, who, body)
        await desks.record(work, who, Step(AuditAction.TICKET_OPENED, message))
        await ticket_mail.tell(work, message)
        return await desks.afterwards(work, without)


@frozen
class Said:
    """A message that was written, and the ticket as that leaves it."""

    message: TicketMessage
    desk: Desk


async def reply(errand: Errand, body: str) -> Said:
    """Write in a ticket as a customer; a reply reopens it."""
    async with desks.at_work(errand) as work:
        text = texts.body(body, "body")
        if work.ticket.is_locked:
            raise TicketLocked

        who = desks.customer(work.desk)
        message = desks.write(work, who, text)
        before = desks.move(work, TicketStatus.CUSTOMER_REPLY, is_reply=True)
        await desks.record(work, who, Step(AuditAction.TICKET_REPLIED, message, before))
        await ticket_mail.tell(work, message)
        return Said(message, await desks.afterwards(work, errand.without))


async def close(errand: Errand) -> Desk:
    """Close a ticket; one that is closed stays so."""
    async with desks.at_work(errand) as work:
        if work.ticket.status is not TicketStatus.CLOSED:
            before = desks.move(work, TicketStatus.CLOSED)
            step = Step(AuditAction.TICKET_CLOSED, before=before)
            await desks.record(work, desks.whoever(work.desk), step)
        return await desks.afterwards(work, errand.without)


async def reopen(errand: Errand) -> Desk:
    """Open a closed ticket again; customers cannot where staff have locked it."""
    async with desks.at_work(errand) as work:
        who = desks.whoever(work.desk)
        if work.ticket.is_locked and who.kind is not ActorKind.OPERATOR:
            raise TicketLocked

        if work.ticket.status is TicketStatus.CLOSED:
            before = desks.move(work, TicketStatus.OPEN)
            await desks.record(work, who, Step(AuditAction.TICKET_REOPENED, before=before))
        return await desks.afterwards(work, errand.without)


async def answer(errand: Errand, given: Answer) -> Said:
    """Write in a ticket as staff: an answer, or a note of which no customer learns anything."""
    async with desks.at_work(errand) as work:
        text = texts.body(given.body, "body")
        if given.internal and given.status is not None:
            raise InvalidInput("A note changes nothing that a customer can see.", "status")

        who = audit.staff(work.desk.viewer)
        message = desks.write(work, who, text, internal=given.internal)
        if given.internal:
            await _note(work, who, message)
        else:
            status = given.status or TicketStatus.ANSWERED
            before = desks.move(work, status, is_reply=True)
            await desks.record(work, who, Step(AuditAction.TICKET_REPLIED, message, before))
            await ticket_mail.tell(work, message)
        return Said(message, await desks.afterwards(work, errand.without))


async def _note(work: Work, who: Who, message: TicketMessage) -> None:
    ticket = work.ticket
    targets = (
        Target(ticket.id, "Ticket", f"{ticket.number} {ticket.subject}"),
        Target(message.id, "TicketMessage", ticket.number),
    )
    deed = Deed(AuditAction.TICKET_NOTE_ADDED, targets, ticket_id=ticket.id)
    await work.under_way.record(NO_ACCOUNT, who, deed)


def _opened_by(who: Who, acting: Acting) -> Ticket:
    is_staff = who.kind is ActorKind.OPERATOR
    return Ticket(
        account_id=acting.account.id,
        opener_id=None if is_staff else acting.viewer.user.id,
        opener_operator_id=who.id if is_staff else None,
        opener_name=who.name,
        opener_email=acting.viewer.user.email,
        opener_relationship=who.relationship,
        status=TicketStatus.ANSWERED if is_staff else TicketStatus.OPEN,
    )


async def _department(typed: str) -> Department:
    known = texts.key("dep", typed) and await Department.get_or_none(id=typed)
    if not known:
        raise NotFound("departmentId", thing="department")
    return known


async def _number(ticket: Ticket) -> None:
    """Save a new ticket under a number that is short, unguessable and free."""
    while True:
        letters = "".join(secrets.choice(LETTERS) for _ in range(3))
        ticket.number = f"{letters}-{secrets.randbelow(1_000_000):06}"
        try:
            async with in_transaction():
                await ticket.save(force_create=True)
        except IntegrityError:
            if not await Ticket.exists(number=ticket.number):
                raise
        else:
            return
