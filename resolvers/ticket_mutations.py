"""Writing in tickets."""

import strawberry

from app.domain import access, ticket_lists, tickets
from app.domain.access import Rule
from app.domain.acting import Acting
from app.domain.desks import Errand
from app.domain.refusals import ErrorCode
from app.domain.ticket_access import READING, REPLYING
from app.domain.tickets import OPENING, Answer, Opening, Said
from models import AuditAction, TicketPriority, TicketStatus
from resolvers.access import Find
from resolvers.context import Info
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


def coming_for(rule: Rule) -> Find:
    """Let whoever asks come to the ticket that an input names, for what a rule allows."""

    async def find(
        info: Info, input: ReplyToTicketInput | CloseTicketInput | ReopenTicketInput
    ) -> Errand:
        return come(info, input.ticket_id, rule)

    return find


@value
class TicketMutations:
    """Ways to use tickets."""

    @mutation(OPENING, AuditAction.TICKET_OPENED, account_of_input)
    async def open_ticket(
        self, info: Info, acting: Acting, input: OpenTicketInput
    ) -> OpenTicketPayload | None:
        """Open a ticket in an account; staff may, too, as staff."""
        opening = Opening(input.subject, input.body, input.department_id, input.priority)
        desk = await tickets.open_ticket(acting, opening, unasked(info, SPARE_OF_A_TICKET))
        return OpenTicketPayload(ticket=show(desk))

    @mutation(
        REPLYING, AuditAction.TICKET_REPLIED, coming_for(REPLYING), fails=(ErrorCode.TICKET_LOCKED,)
    )
    async def reply_to_ticket(
        self, info: Info, errand: Errand, input: ReplyToTicketInput
    ) -> ReplyToTicketPayload | None:
        """Write in a ticket as a customer; a reply reopens it."""
        message, ticket = shown(await tickets.reply(errand, input.body))
        return ReplyToTicketPayload(message=message, ticket=ticket)

    @mutation(READING, AuditAction.TICKET_CLOSED, coming_for(READING))
    async def close_ticket(
        self, info: Info, errand: Errand, input: CloseTicketInput
    ) -> CloseTicketPayload | None:
        """Close a ticket."""
        return CloseTicketPayload(ticket=show(await tickets.close(errand)))

    @mutation(
        READING, AuditAction.TICKET_REOPENED, coming_for(READING), fails=(ErrorCode.TICKET_LOCKED,)
    )
    async def reopen_ticket(
        self, info: Info, errand: Errand, input: ReopenTicketInput
    ) -> ReopenTicketPayload | None:
        """Open a closed ticket again."""
        return ReopenTicketPayload(ticket=show(await tickets.reopen(errand)))

    @mutation(access.STAFF, AuditAction.TICKET_REPLIED)
    async def answer_ticket(
        self, info: Info, input: AnswerTicketInput
    ) -> AnswerTicketPayload | None:
        """Write in a ticket as support staff: an answer, or a note that only staff see."""
        errand = come(info, input.ticket_id, access.STAFF)
        answer = Answer(input.body, input.internal, input.status)
        message, ticket = shown(await tickets.answer(errand, answer))
        return AnswerTicketPayload(message=message, ticket=ticket)


def come(info: Info, ticket_id: str, rule: Rule) -> Errand:
    """Let whoever asks come to a ticket, without what nobody asks to be shown of it."""
    return Errand(info.context.viewer, ticket_id, rule, unasked(info, SPARE_OF_A_TICKET))


def shown(said: Said) -> tuple[TicketMessage, Ticket]:
    """Show a message that was written, and its ticket as that leaves it."""
    ticket = show(said.desk)
    return TicketMessage.of(ticket_lists.row_of(said.message, said.desk), ticket), ticket
