"""Finding accounts: the chooser, and one by id."""

from collections.abc import Awaitable, Callable
from functools import lru_cache

import strawberry

from app.database.paging import Listing, Order, Slice
from app.domain import access, account_lists
from app.domain.account_lists import ANY, AccountSearch
from app.domain.refusals import Refusal
from app.domain.viewers import Viewer
from models import AccountStatus
from resolvers import filters
from resolvers.accounts import SEEING, SPARE, Account
from resolvers.connections import PageInfo, Window, cursors_of, page_info, place_in_list
from resolvers.context import Info, is_key
from resolvers.declare import attribute, costing, form, told, value
from resolvers.memberships import Membership
from resolvers.operations import query
from resolvers.orders import AccountOrder, of_accounts
from resolvers.selections import names_below


@value
class AccountEdge:
    """An account of the viewer, with their membership in it."""

    cursor: str
    node: Account
    membership: Membership | None


@value
class AccountConnection:
    """A page of accounts."""

    def _edges(self) -> list[AccountEdge]:
        return [
            AccountEdge(cursor=at, node=node, membership=node.viewer_membership())
            for at, node in zip(self.cursors(), self.nodes, strict=True)
        ]

    nodes: list[Account]
    edges: list[AccountEdge] = told(_edges)
    page_info: PageInfo = told(place_in_list)
    cursors: strawberry.Private[Callable[[], list[str]]]
    place: strawberry.Private[Callable[[], PageInfo]]
    counting: strawberry.Private[Callable[[], Awaitable[int]]]

    @costing(5)
    @told
    async def total_count(self) -> int | None:
        """How many there are in all; counted only when asked for."""
        return await self.counting()


@form
class AccountFilter:
    """Which accounts to list."""

    search: str | None = attribute(default=None, description="In the name.")
    status: list[AccountStatus] | None = None


@value
class AccountQueries:
    """Questions about accounts."""

    @query(access.SIGNED_IN, always=True)
    async def accounts(
        self,
        info: Info,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: AccountFilter | None = None,
        order_by: AccountOrder | None = None,
    ) -> AccountConnection | None:
        """The viewer's own accounts: what the account chooser lists. Closed ones are listed and cannot be chosen."""
        viewer = info.context.viewer
        everybodys = _chooser(names_below(info), _search(filter), of_accounts(order_by))
        listing = everybodys.of(viewer.user.id)
        window = Window(first, after, last, before)
        page = await listing.read(window.page(listing))
        return _connection(viewer, listing, page)

    @query(access.SIGNED_IN)
    async def account(self, info: Info, id: strawberry.ID | None = None) -> Account | None:
        """One account; without `id` the active one. Null, without an error, when the id is not the viewer's to see."""
        return await find_account(info, id or info.context.acting.account.id)


async def find_account(info: Info, id: str) -> Account | None:
    """Show an account that the viewer is or was in, is invited to, or sees as staff; None for any other."""
    viewer = info.context.viewer
    found = await account_lists.one(viewer, id) if is_key("acc", id) else None
    if found is None:
        return None
    row, acting = found
    try:
        SEEING.admit(viewer, acting, own=True)
    except Refusal:
        return None
    return Account.of(row, acting)


@lru_cache(maxsize=64)
def _chooser(names: frozenset[str], search: AccountSearch, order: Order) -> Listing:
    """List accounts with what the named fields show of them."""
    listing = account_lists.by_member(search, order, counts="openTicketCount" in names)
    return listing.without(SPARE.among(names))


def _search(wanted: AccountFilter | None) -> AccountSearch:
    if wanted is None:
        return ANY
    status = tuple(wanted.status) if wanted.status is not None else None
    return AccountSearch(filters.text(wanted.search, "search"), status)


def _connection(viewer: Viewer, listing: Listing, page: Slice) -> AccountConnection:
    return AccountConnection(
        nodes=[Account.of(row, account_lists.acting_of(viewer, row)) for row in page.rows],
        place=lambda: page_info(page, listing.order),
        cursors=lambda: cursors_of(page, listing.order),
        counting=listing.count,
    )
