"""Writing in tickets."""

import strawberry

from app.domain import access, ticket_access, ticket_lists, tickets
from app.domain.acting import Acting
from app.domain.refusals import ErrorCode
from app.domain.ticket_access import READING, REPLYING, Desk
from app.domain.tickets import OPENING, Answer, Opening, Said
from models import AuditAction, TicketPriority, TicketStatus
from resolvers.context import Context, Info
from resolvers.declare import attribute, form, value
from resolvers.operations import Payload, mutation
from resolvers.selections import unasked
from resolvers.ticket_queries import show
from resolvers.tickets import SPARE_OF_A_TICKET, Ticket, TicketMessage


@form
class OpenTicketInput:
    """What a new ticket is about."""

    account_id: strawberry.ID | None = None
    subject: str
    body: str = attribute(description="Markdown.")
    department_id: strawberry.ID
    priority: TicketPriority = TicketPriority.MEDIUM


@form
class ReplyToTicketInput:
    """What to say, and where."""

    ticket_id: strawberry.ID
    body: str = attribute(description="Markdown.")


@form
class CloseTicketInput:
    """Which ticket."""

    ticket_id: strawberry.ID


@form
class ReopenTicketInput:
    """Which ticket."""

    ticket_id: strawberry.ID


@form
class AnswerTicketInput:
    """What staff say, and where."""

    ticket_id: strawberry.ID
    body: str = attribute(description="Markdown.")
    internal: bool = attribute(default=False, description="A note only staff see.")
    status: TicketStatus | None = attribute(
        default=None, description="What the ticket becomes: ANSWERED unless told otherwise."
    )


@value
class OpenTicketPayload(Payload):
    """The new ticket."""

    ticket: Ticket | None = None


@value
class ReplyToTicketPayload(Payload):
    """What was said."""

    message: TicketMessage | None = None
    ticket: Ticket | None = None


@value
class AnswerTicketPayload(Payload):
    """What was said."""

    message: TicketMessage | None = None
    ticket: Ticket | None = None


@value
class CloseTicketPayload(Payload):
    """The ticket as it is now."""

    ticket: Ticket | None = None


@value
class ReopenTicketPayload(Payload):
    """The ticket as it is now."""

    ticket: Ticket | None = None


async def account_of_input(info: Info, input: OpenTicketInput) -> Acting:
    """Find the account that an input names, or else that of the request."""
    return await info.context.acting_in(input.account_id)


async def ticket_of_input(
    info: Info, input: ReplyToTicketInput | CloseTicketInput | ReopenTicketInput
) -> Desk:
    """Find the ticket that an input names, without what nobody asks to be shown of it."""
    spare = unasked(info, SPARE_OF_A_TICKET)
    return await ticket_access.find(info.context.viewer, id=input.ticket_id, without=spare)


@value
class TicketMutations:
    """Ways to use tickets."""

    @mutation(OPENING, AuditAction.TICKET_OPENED, account_of_input)
    async def open_ticket(
        self, info: Info, acting: Acting, input: OpenTicketInput
    ) -> OpenTicketPayload | None:
        """Open a ticket in an account; staff may, too, as staff."""
        opening = Opening(input.subject, input.body, input.department_id, input.priority)
        row = await tickets.open_ticket(acting, opening)
        return OpenTicketPayload(ticket=await reread(info.context, row.id))

    @mutation(
        REPLYING, AuditAction.TICKET_REPLIED, ticket_of_input, fails=(ErrorCode.TICKET_LOCKED,)
    )
    async def reply_to_ticket(
        self, info: Info, desk: Desk, input: ReplyToTicketInput
    ) -> ReplyToTicketPayload | None:
        """Write in a ticket as a customer; a reply reopens it."""
        message, ticket = await shown(info.context, await tickets.reply(desk, input.body))
        return ReplyToTicketPayload(message=message, ticket=ticket)

    @mutation(READING, AuditAction.TICKET_CLOSED, ticket_of_input)
    async def close_ticket(
        self, info: Info, desk: Desk, input: CloseTicketInput
    ) -> CloseTicketPayload | None:
        """Close a ticket."""
        await tickets.close(desk)
        return CloseTicketPayload(ticket=await reread(info.context, desk.id))

    @mutation(
        READING, AuditAction.TICKET_REOPENED, ticket_of_input, fails=(ErrorCode.TICKET_LOCKED,)
    )
    async def reopen_ticket(
        self, info: Info, desk: Desk, input: ReopenTicketInput
    ) -> ReopenTicketPayload | None:
        """Open a closed ticket again."""
        await tickets.reopen(desk)
        return ReopenTicketPayload(ticket=await reread(info.context, desk.id))

    @mutation(access.STAFF, AuditAction.TICKET_REPLIED)
    async def answer_ticket(
        self, info: Info, input: AnswerTicketInput
    ) -> AnswerTicketPayload | None:
        """Write in a ticket as support staff: an answer, or a note that only staff see."""
        desk = await ticket_access.find(info.context.viewer, id=input.ticket_id)
        answer = Answer(input.body, input.internal, input.status)
        message, ticket = await shown(info.context, await tickets.answer(desk, answer))
        return AnswerTicketPayload(message=message, ticket=ticket)


async def reread(context: Context, ticket_id: str) -> Ticket:
    """Show a ticket as it is now."""
    return show(await ticket_access.find(context.viewer, id=ticket_id))


async def shown(context: Context, said: Said) -> tuple[TicketMessage, Ticket]:
    """Show a message that was written, and its ticket as it is now."""
    ticket = show(said.desk) if said.desk else await reread(context, said.message.ticket_id)
    return TicketMessage.of(ticket_lists.row_of(said.message, ticket.desk), ticket), ticket
