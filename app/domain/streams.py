"""What happens to a ticket, as it happens: replayed from a cursor, and asked for again at every event."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

import orjson

from app.database.failures import Unavailable
from app.domain import ticket_access, viewers
from app.domain.refusals import AccessRevoked, InvalidInput, Refusal
from app.domain.ticket_access import READING, Desk
from app.kit import clock, cursors
from app.kit.cursors import InvalidCursor
from app.kit.frozen import frozen
from models import NO_ACCOUNT, AuditAction, AuditEvent, AuditHead

CURSOR = "stream"
HEARTBEAT_SECONDS = 30.0
AGAIN_SECONDS = 1.0
NOTES = {AuditAction.TICKET_NOTE_ADDED}


@frozen
class Place:
    """How far a stream has come: in the chain of the ticket, and for staff in that of the notes."""

    sequence: int
    notes: int

    def write(self) -> str:
        """Mark it, to go on from there."""
        return cursors.write(CURSOR, [self.sequence, self.notes])


@frozen
class Happening:
    """Something that happened to a ticket, with whoever follows it as they stand now."""

    event: AuditEvent
    desk: Desk
    place: Place


async def follow(desk: Desk, after: str | None) -> AsyncGenerator[Happening]:
    """Tell what happens to a ticket, from a cursor or from now on; ends with ACCESS_REVOKED when the right is gone."""
    viewer, chain = desk.viewer, desk.account_id or NO_ACCOUNT
    topics = {chain, NO_ACCOUNT} if viewer.operator else {chain}
    topics |= {viewer.session.id, viewer.user.id}
    place = _read(after) if after else await _now(chain)
    if viewer.operator is None:
        place = Place(place.sequence, 0)  # what customers can read does not move with the notes
    with viewer.call.site.hub.listening(*topics) as woken:
        while True:
            woken.clear()
            try:
                async for news in _news(desk, chain, place):
                    desk, place = news.desk, news.place
                    yield news
                desk = await _again(desk)
            except Unavailable:
                await asyncio.sleep(
                    AGAIN_SECONDS
                )  # nothing is lost: it is read again from this place
            else:
                await _wait(woken, desk)


async def _news(desk: Desk, chain: str, place: Place) -> AsyncGenerator[Happening]:
    for event in await _since(desk, chain, place):
        desk = await _again(desk)
        place = _moved(place, event, chain)
        yield Happening(event, desk, place)


async def _since(desk: Desk, chain: str, place: Place) -> list[AuditEvent]:
    events = AuditEvent.filter(ticket_id=desk.id, chain=chain, sequence__gt=place.sequence)
    found = await events.exclude(action__in=NOTES).order_by("sequence")
    if desk.viewer.operator is not None:
        notes = AuditEvent.filter(ticket_id=desk.id, chain=NO_ACCOUNT, action__in=NOTES)
        found += await notes.filter(sequence__gt=place.notes).order_by("sequence")
    return sorted(found, key=lambda event: (event.created_at, event.id))


def _moved(place: Place, event: AuditEvent, chain: str) -> Place:
    if event.action in NOTES:
        return Place(place.sequence, event.sequence)
    return Place(event.sequence, place.notes)


async def _again(desk: Desk) -> Desk:
    """Find the ticket again, as whoever follows it stands now."""
    try:
        found = await ticket_access.find(await viewers.again(desk.viewer), id=desk.id)
        found.admit(READING)
    except Refusal as no:
        raise AccessRevoked from no
    if (found.viewer.operator is None) is not (desk.viewer.operator is None):
        raise AccessRevoked  # staff and customers hear different things, from places of their own
    return found


async def _wait(woken: asyncio.Event, desk: Desk) -> None:
    """Wait for news, and no longer than the right to hear them lasts."""
    held = desk.acting.membership if desk.acting else None
    session = desk.viewer.session
    ends = [session.expires_at, held.expires_at if held else None]
    until = min(at for at in ends if at is not None)
    left = max(0.0, (until - clock.now()).total_seconds())
    with suppress(TimeoutError):
        async with asyncio.timeout(min(left, HEARTBEAT_SECONDS)):
            await woken.wait()


def _read(after: str) -> Place:
    try:
        sequence, notes = cursors.read(CURSOR, after, (int, int))
    except InvalidCursor as no:
        raise InvalidInput("This is no cursor of this stream.", "after") from no
    return Place(int(str(sequence)), int(str(notes)))


async def _now(chain: str) -> Place:
    heads = await AuditHead.filter(chain__in=[chain, NO_ACCOUNT])
    at = {head.chain: head.sequence for head in heads}
    return Place(at[chain], at[NO_ACCOUNT])


def said_in(event: AuditEvent) -> str:
    """Name the message that an event is about."""
    targets = orjson.loads(event.targets)
    said: str = next(each["id"] for each in targets if each["type"] == "TicketMessage")
    return said
