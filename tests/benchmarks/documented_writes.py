"""The usual reply to a ticket: one row after the other, by the ORM, in one transaction."""

import orjson
import strawberry
from tortoise import connections
from tortoise.expressions import Q
from tortoise.queryset import QuerySet
from tortoise.transactions import in_transaction

import models
from app.domain import audit
from app.domain.audit import Change, Deed, Target, Who
from app.kit import clock, letters
from models import ActorKind, AuditAction, Channel, Permission, Relationship, TicketStatus, key
from tests.benchmarks.documented_people import Info
from tests.benchmarks.documented_types import Ticket, TicketMessage
from tests.benchmarks.floor_writes import SITE

HOST = "127.0.0.1"


@strawberry.input
class ReplyToTicketInput:
    """Which ticket, and what to say."""

    ticket_id: strawberry.ID
    body: str


@strawberry.type
class UserError:
    """Why nothing happened."""

    code: str
    message: str
    path: list[str]


@strawberry.type
class ReplyToTicketPayload:
    """What was said."""

    message: TicketMessage
    ticket: Ticket
    errors: list[UserError]


async def reply(info: Info, given: ReplyToTicketInput) -> ReplyToTicketPayload | None:
    """Write a message, the ticket's status, the sealed event, the mail and the notice."""
    session = await info.context.session()
    async with in_transaction():
        ticket = await models.Ticket.get(id=given.ticket_id)
        head = await _locked(str(ticket.account_id))
        ticket = await models.Ticket.get(id=given.ticket_id)
        held = await _living().get_or_none(account_id=ticket.account_id, user_id=session.user_id)
        account = await models.Account.get(id=ticket.account_id)
        owns = account.owner_id == session.user_id
        if held is None or ticket.is_locked or not (owns or Permission.TICKETS in held.granted):
            return None
        message = await _write(ticket, session, given.body, owns=owns)
        await _record(head, session, message, ticket)
        for reader in await _told(ticket, account.owner_id, session.user_id):
            await _mail(reader, ticket, message)
        await _notify(str(ticket.account_id))
    said, about = TicketMessage.of(message), Ticket.of(ticket)
    return ReplyToTicketPayload(message=said, ticket=about, errors=[])


async def _locked(account: str) -> models.AuditHead:
    return await models.AuditHead.select_for_update(no_key=True).get(chain=account)


def _living() -> QuerySet[models.Membership]:
    unexpired = Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now())
    return models.Membership.filter(unexpired, status="ACTIVE")


async def _write(
    ticket: models.Ticket, session: models.Session, body: str, *, owns: bool
) -> models.TicketMessage:
    return await models.TicketMessage.create(
        ticket_id=ticket.id,
        account_id=ticket.account_id,
        author_kind=ActorKind.USER,
        author_id=session.user_id,
        author_name=session.user.display_name,
        author_email=session.user.email,
        relationship=Relationship.OWNER if owns else Relationship.AUTHORIZED_USER,
        verified=True,
        body=body,
        via=Channel.WEB,
        ip=HOST,
        created_at=clock.now(),
    )


async def _record(
    head: models.AuditHead,
    session: models.Session,
    message: models.TicketMessage,
    ticket: models.Ticket,
) -> None:
    before, ticket.status = ticket.status, TicketStatus.CUSTOMER_REPLY
    ticket.updated_at = ticket.last_reply_at = message.created_at
    await ticket.save(update_fields=["status", "updated_at", "last_reply_at"])
    hint = audit.hint_of(session.id)
    who = Who(
        ActorKind.USER, session.user_id, session.user.display_name, message.relationship, hint
    )
    targets = (
        Target(ticket.id, "Ticket", f"{ticket.number} {ticket.subject}"),
        Target(message.id, "TicketMessage", ticket.number),
    )
    changed = before is not ticket.status
    changes = (Change("status", before, ticket.status),) if changed else ()
    used = Permission.TICKETS
    event = _event(head, who, Deed(AuditAction.TICKET_REPLIED, targets, changes, used, ticket.id))
    event.created_at, event.ip = message.created_at, HOST
    event.hash = head.hash = audit.seal(event, head.hash)
    head.sequence = event.sequence
    await event.save(force_create=True)
    await head.save(update_fields=["sequence", "hash"])


def _event(head: models.AuditHead, who: Who, deed: Deed) -> models.AuditEvent:
    return models.AuditEvent(
        chain=head.chain,
        sequence=head.sequence + 1,
        action=deed.action,
        actor_kind=who.kind,
        actor_id=who.id,
        actor_name=who.name,
        relationship=who.relationship,
        account_id=head.chain,
        ticket_id=deed.ticket_id,
        session_hint=who.session_hint,
        via=who.via,
        permission_used=deed.used,
        targets=audit.stored(deed.targets),
        changes=audit.stored(deed.changes),
        outcome=deed.outcome,
        request_id=key.mint("req"),
    )


async def _told(ticket: models.Ticket, owner: str, author: str) -> list[models.User]:
    said = models.TicketMessage.filter(ticket_id=ticket.id, internal=False)
    spoken = set(await said.distinct().values_list("author_id", "operator_id"))
    writers, staff = {user for user, _ in spoken} | {ticket.opener_id}, {each for _, each in spoken}
    members = await _living().filter(account_id=ticket.account_id).select_related("user")
    operators = await models.Operator.filter(id__in=staff - {None}).select_related("user")
    able = [each for each in members if Permission.TICKETS in each.granted or each.user_id == owner]
    readers = [each.user for each in able if _hears(each, writers)]
    return [user for user in [*readers, *(each.user for each in operators)] if user.id != author]


def _hears(member: models.Membership, writers: set[str | None]) -> bool:
    wants = member.ticket_mail == "MINE" and member.user_id in writers
    return member.ticket_mail == "ALL" or wants


async def _mail(to: models.User, ticket: models.Ticket, message: models.TicketMessage) -> None:
    facts = {
        "name": to.display_name,
        "number": ticket.number,
        "subject": ticket.subject,
        "author": message.author_name,
        "badge": message.relationship,
        "body": message.body,
        "link": f"{SITE}/tickets/{ticket.id}",
    }
    letter, id = letters.render("ticket_reply", to.locale, facts), key.mint("eml")
    await models.Email.create(
        id=id,
        account_id=ticket.account_id,
        kind="ticket_reply",
        recipient=to.email,
        subject=letter.subject,
        body_text=letter.text,
        body_html=letter.html,
        message_id=f"<{id}@{HOST}>",
        thread_id=f"<{ticket.id}@{HOST}>",
        next_attempt_at=message.created_at,
        created_at=message.created_at,
    )


async def _notify(account: str) -> None:
    connection = connections.get("default")
    if connection.capabilities.dialect != "sqlite":
        told = orjson.dumps([account]).decode()
        await connection.execute_query("SELECT pg_notify($1, $2)", ["keyfob", told])
