"""Finding a ticket, with the right by which one sees it."""

from functools import lru_cache
from typing import Any

from tortoise.expressions import Q
from tortoise.queryset import ValuesQuery

from app.database import statements
from app.database.paging import Rows, where
from app.database.prepared import Prepared
from app.database.statements import Row
from app.domain import access, badges, faces, texts
from app.domain.acting import Acting, place_of
from app.domain.refusals import NotFound, Refusal
from app.domain.viewers import Viewer
from app.kit.frozen import frozen
from models import Membership, OperatorRole, Permission, Ticket, User

READING = access.member(Permission.TICKETS, staff=OperatorRole.AGENT, own=True)
REPLYING = access.member(Permission.TICKETS, own=True)
NUMBER_LENGTH = 10  # ABC-123456
PLAIN = (
    *("id", "number", "subject", "status", "priority", "is_locked"),
    *("created_at", "updated_at", "last_reply_at", "account_id"),
    *("opener_id", "opener_operator_id", "opener_name", "opener_email"),
    *("opener_relationship", "opener_verified"),
)
OF_ACCOUNT: dict[str, str] = {
    **{column: column for column in (*PLAIN, badges.STANDING)},
    **faces.department("department"),
    **faces.user("opener"),
    **faces.operator("opener_operator"),
    **faces.operator("assigned_to"),
}
COLUMNS = {**OF_ACCOUNT, **faces.account("account")}
MINE = statements.whole(Membership, "membership", "account__memberships")


@frozen
class Desk:
    """A ticket and whoever is before it: as a member, as staff, or as the opener of one without account."""

    viewer: Viewer
    row: Row
    acting: Acting | None

    @property
    def id(self) -> str:
        """The ticket's key."""
        key: str = self.row["id"]
        return key

    @property
    def account_id(self) -> str | None:
        """The account that the ticket belongs to, if to any."""
        account: str | None = self.row["account_id"]
        return account

    @property
    def is_own(self) -> bool:
        """Whether the ticket is the viewer's own, being no account's."""
        return self.account_id is None and self.row["opener_id"] == self.viewer.user.id

    def admit(self, rule: access.Rule) -> None:
        """Refuse unless the rule about the ticket is met."""
        if self.account_id is None and not self.is_own and self.viewer.operator is None:
            raise NotFound("ticketId", thing="ticket")
        rule.admit(self.viewer, self.acting, own=self.is_own)


def rows(tickets: Rows) -> Rows:
    """Read along what the openers are to the account today."""
    return tickets.annotate(**badges.standing("tickets", "opener_id"))


async def find(
    viewer: Viewer,
    *,
    id: str | None = None,
    number: str | None = None,
    without: frozenset[str] = frozenset(),
) -> Desk:
    """Find a ticket by key or number, in one statement; what is not the viewer's does not exist."""
    desk = await _desk(viewer, _named(id, number), without)
    if desk is None:
        raise NotFound("ticketId", thing="ticket")
    return desk


async def see(
    viewer: Viewer,
    *,
    id: str | None = None,
    number: str | None = None,
    without: frozenset[str] = frozenset(),
) -> Desk | None:
    """Find a ticket for who only looks: None for what they may not read."""
    try:
        desk = await _desk(viewer, _named(id, number), without)
        if desk is not None:
            desk.admit(READING)
    except Refusal:
        return None
    return desk


def _named(id: str | None, number: str | None) -> tuple[str, str]:
    if id is not None and texts.key("tkt", id) is None:
        raise NotFound("ticketId", thing="ticket")
    if id is not None:
        return "id", id
    said = (number or "").strip().upper()
    if len(said) > NUMBER_LENGTH:
        raise NotFound("ticketId", thing="ticket")
    return "number", said


@lru_cache(maxsize=128)
def _mine(column: str, without: frozenset[str]) -> Prepared:
    """Prepare finding a ticket, for who is a member of its account, or its opener while it has none."""

    def build(named: str, me: str) -> ValuesQuery[Any]:
        mine = Q(account__memberships__user_id=me) | Q(account_id__isnull=True, opener_id=me)
        found = rows(Ticket.filter(mine, where(**{column: named}))).limit(1)
        read = {name: path for name, path in {**COLUMNS, **MINE}.items() if name not in without}
        return found.values(**read)

    return Prepared(build, {"membership": Membership}, named=(Ticket, column), me=(User, "id"))


async def _desk(
    viewer: Viewer, named: tuple[str, str], without: frozenset[str] = frozenset()
) -> Desk | None:
    if viewer.operator is not None:
        return await _desk_of_staff(viewer, where(**dict([named])))
    column, value = named
    found = await _mine(column, without).rows(named=value, me=viewer.user.id)
    if not found:
        return None
    row: Row = found[0]
    account = faces.account_in(row)
    if account is None:
        return Desk(viewer, row, None)
    acting = Acting(viewer, account, statements.instance(Membership, "membership", row))
    return Desk(viewer, row, acting) if acting.is_let_in else None


async def _desk_of_staff(viewer: Viewer, named: Q) -> Desk | None:
    found = await rows(Ticket.filter(named)).limit(1).values(**COLUMNS)
    if not found:
        return None
    row: Row = found[0]
    account = faces.account_in(row)
    if account is None:
        return Desk(viewer, row, None)
    place = await place_of(viewer.user.id, account.id)
    return Desk(viewer, row, Acting.maybe_at(viewer, account, place))
