"""Any object by its id: exactly what some other field would show this viewer, and nothing else."""

from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import strawberry

import models
from app.domain import (
    access,
    acquaintances,
    event_lists,
    invite_links,
    invites,
    members,
    ticket_access,
)
from app.domain.acting import Acting, in_account, place_of
from app.domain.refusals import InvalidInput, Refusal
from models.key import kind
from resolvers import account_queries, invite_mutations, member_mutations, passkeys, ticket_queries
from resolvers.accounts import Account
from resolvers.audit_events import READING, AuditEvent
from resolvers.context import Info, is_key
from resolvers.declare import costing, value
from resolvers.departments import Department
from resolvers.invites import SEEING as SEEING_INVITE
from resolvers.memberships import SEEING as SEEING_MEMBER
from resolvers.operations import query
from resolvers.people import Node, Operator, User, operator_of, user_of
from resolvers.sessions import Session
from resolvers.tickets import Ticket, TicketMessage, message_of

MOST = 100
LOOKUP = 50  # each object is found by itself, with statements of its own
Find: TypeAlias = Callable[[Info, str], Awaitable[Node | None]]


async def department(info: Info, id: str) -> Department | None:
    """Departments are everybody's."""
    row = await models.Department.get_or_none(id=id)
    return Department.of(row, info.context.found) if row else None


async def user(info: Info, id: str) -> User | None:
    """A user whom the viewer shares an account or a ticket with, or sees as staff."""
    known = await acquaintances.knows_user(info.context.viewer, id)
    return await user_of(info.context, id) if known else None


async def operator(info: Info, id: str) -> Operator | None:
    """An operator who has written in a ticket that the viewer may read."""
    known = await acquaintances.knows_operator(info.context.viewer, id)
    return await operator_of(info.context, id) if known else None


async def membership(info: Info, id: str) -> Node | None:
    """A membership for its member, who manages users, and staff."""
    row, acting = await members.find(info.context.viewer, id)
    own = row.user_id == info.context.viewer.user.id
    SEEING_MEMBER.admit(info.context.viewer, acting, own=own)
    return await member_mutations.show(row, Account.seen(acting))


async def invite(info: Info, id: str) -> Node | None:
    """An invite for who manages users, staff, and who is invited, as long as they can answer it."""
    viewer = info.context.viewer
    row = await models.Invite.filter(id=id).select_related("account").first()
    if row is None:
        return None
    is_pending = invites.status_of(row) is models.InviteStatus.PENDING
    own = is_pending and invite_links.is_addressed(viewer, row)
    place = await place_of(viewer.user.id, row.account_id)
    acting = Acting.maybe_at(viewer, row.account, place)
    SEEING_INVITE.admit(viewer, acting, own=own)
    return await invite_mutations.show(info.context, acting, row)


async def ticket(info: Info, id: str) -> Ticket | None:
    """A ticket that the viewer may read."""
    desk = await ticket_access.see(info.context.viewer, id=id)
    return ticket_queries.show(desk) if desk else None


async def message(info: Info, id: str) -> TicketMessage | None:
    """A message of such a ticket; notes are for staff."""
    row = await models.TicketMessage.get_or_none(id=id)
    if row is None or (row.internal and info.context.viewer.operator is None):
        return None
    found = await ticket(info, row.ticket_id)
    return await message_of(found, id) if found else None


async def session(info: Info, id: str) -> Session | None:
    """The session of this request."""
    viewer = info.context.viewer
    return Session.of(viewer) if viewer.session.id == id else None


async def event(info: Info, id: str) -> AuditEvent | None:
    """An event of an account whose log the viewer may read, or of their own security log."""
    viewer = info.context.viewer
    rows = await models.AuditEvent.filter(id=id).values(**event_lists.COLUMNS)
    if not rows:
        return None
    row = rows[0]
    if row["account_id"] is None:
        own = event_lists.of_user(viewer.user.id, event_lists.EventSearch()).rows.filter(id=id)
        return AuditEvent.of(row, viewer, None) if await own.exists() else None
    acting = await in_account(viewer, row["account_id"])
    READING.admit(viewer, acting)
    return AuditEvent.of(row, viewer, Account.seen(acting))


FINDERS: Final[dict[str, Find]] = {
    "acc": account_queries.find_account,
    "dep": department,
    "evt": event,
    "inv": invite,
    "mem": membership,
    "msg": message,
    "opr": operator,
    "psk": passkeys.find,
    "ses": session,
    "tkt": ticket,
    "usr": user,
}


async def find(info: Info, id: str) -> Node | None:
    """Find any object; None for what is unknown, or not the viewer's to see."""
    prefix = kind(id)
    if prefix not in FINDERS or not is_key(prefix, id):
        return None
    try:
        return await FINDERS[prefix](info, id)
    except Refusal:
        return None


@value
class NodeQueries:
    """Any object by its id."""

    @costing(LOOKUP)
    @query(access.PUBLIC)
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        """One object. Null, without an error, for what is not the viewer's to see."""
        return await find(info, id)

    @costing(LOOKUP)
    @query(access.PUBLIC)
    async def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Node | None]:
        """Up to 100 objects, in the order of the ids, null where one is not the viewer's to see."""
        if len(ids) > MOST:
            raise InvalidInput(f"Ask for at most {MOST} at once.", "ids")
        return [await find(info, id) for id in ids]
