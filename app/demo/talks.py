"""Scenes of the demo's history: what is said in tickets."""

from app.demo.cast import Player
from app.demo.scenes import Play
from app.demo.stage import Stage
from app.domain import access, tickets
from app.domain.ticket_access import READING, REPLYING
from app.domain.tickets import Answer, Opening
from app.kit.frozen import frozen
from models import Department, Ticket, TicketPriority, TicketStatus


@frozen
class Topic:
    """What a ticket is about: the other scenes know it by that."""

    account: str
    subject: str
    priority: TicketPriority = TicketPriority.MEDIUM


def opens(player: Player, topic: Topic, body: str) -> Play:
    """Somebody opens a ticket."""

    async def play(stage: Stage) -> None:
        general = await Department.get(name="General")
        opening = Opening(topic.subject, body, general.id, topic.priority)
        ticket = await tickets.open_ticket(await stage.acting(player, topic.account), opening)
        stage.tickets[topic.subject] = ticket.id

    return play


def replies(player: Player, topic: Topic, body: str) -> Play:
    """Somebody writes as a customer."""

    async def play(stage: Stage) -> None:
        await tickets.reply(await stage.errand(player, topic.subject, REPLYING), body)

    return play


def answers(player: Player, topic: Topic, body: str, status: TicketStatus | None = None) -> Play:
    """Staff answer."""

    async def play(stage: Stage) -> None:
        errand = await stage.errand(player, topic.subject, access.STAFF)
        await tickets.answer(errand, Answer(body, status=status))

    return play


def notes(player: Player, topic: Topic, body: str) -> Play:
    """Staff write what only staff see."""

    async def play(stage: Stage) -> None:
        errand = await stage.errand(player, topic.subject, access.STAFF)
        await tickets.answer(errand, Answer(body, internal=True))

    return play


def closes(player: Player, topic: Topic) -> Play:
    """Somebody closes a ticket."""

    async def play(stage: Stage) -> None:
        await tickets.close(await stage.errand(player, topic.subject, READING))

    return play


def is_locked(topic: Topic) -> Play:
    """Staff lock a ticket."""

    async def play(stage: Stage) -> None:
        # Nothing can lock a ticket yet but this: there is no rule for it, and so no event.
        await Ticket.filter(id=stage.tickets[topic.subject]).update(is_locked=True)

    return play
