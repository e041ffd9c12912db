"""What happens, as it happens."""

from collections.abc import AsyncGenerator
from datetime import datetime
from typing import Annotated, TypeAlias

import orjson
import strawberry

from app.domain import streams, ticket_access
from app.domain.streams import Happening, said_in
from app.domain.ticket_access import READING, Desk
from models import AuditAction, TicketStatus
from resolvers.context import Info
from resolvers.declare import interface, value
from resolvers.operations import subscription
from resolvers.ticket_queries import show
from resolvers.tickets import Ticket, TicketMessage, message_of


@interface
class LiveEvent:
    """Something that happened. Give the last `cursor` seen as `after` to miss nothing."""

    cursor: str
    at: datetime


@value
class TicketMessageAdded(LiveEvent):
    """Somebody has written."""

    message: TicketMessage


@value
class TicketStatusChanged(LiveEvent):
    """The status is another."""

    ticket: Ticket
    previous: TicketStatus


@value
class TicketChanged(LiveEvent):
    """Something else has changed."""

    ticket: Ticket
    change: AuditAction


TicketEvent: TypeAlias = Annotated[
    TicketMessageAdded | TicketStatusChanged | TicketChanged,
    strawberry.union("TicketEvent", description="Something that happened to a ticket."),
]
SAID = {AuditAction.TICKET_OPENED, AuditAction.TICKET_REPLIED, AuditAction.TICKET_NOTE_ADDED}


async def ticket_of_argument(info: Info, ticket_id: strawberry.ID, **_others: object) -> Desk:
    """Find the ticket that a stream is about."""
    return await ticket_access.find(info.context.viewer, id=ticket_id)


@value
class Subscription:
    """Streams, re-authorised at every event.

    One whose right is gone gets a last `next` with an error of code ACCESS_REVOKED, then `complete`.
    """

    @subscription(READING, ticket_of_argument)
    async def ticket_updated(
        self, info: Info, desk: Desk, ticket_id: strawberry.ID, after: str | None = None
    ) -> AsyncGenerator[TicketEvent]:
        """What happens to a ticket; `after` a cursor, beginning with what was missed."""
        async for happening in streams.follow(desk, after):
            info.context.renew()
            yield await show_event(happening)


async def show_event(happening: Happening) -> TicketEvent:
    """Show what happened to whoever follows the ticket."""
    event, cursor = happening.event, happening.place.write()
    ticket = show(happening.desk)
    if event.action in SAID:
        message = await message_of(ticket, said_in(event))
        return TicketMessageAdded(cursor=cursor, at=event.created_at, message=message)
    status = next((each for each in orjson.loads(event.changes) if each["field"] == "status"), None)
    if status is not None:
        previous = TicketStatus(status["before"])
        return TicketStatusChanged(
            cursor=cursor, at=event.created_at, ticket=ticket, previous=previous
        )
    return TicketChanged(cursor=cursor, at=event.created_at, ticket=ticket, change=event.action)
