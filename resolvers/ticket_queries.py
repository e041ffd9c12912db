"""Finding tickets."""

import strawberry

from app.database.statements import Row
from app.domain import access, ticket_access, ticket_lists
from app.domain.acting import Acting
from app.domain.refusals import InvalidInput
from app.domain.ticket_access import Desk
from models import Permission
from resolvers.accounts import Account
from resolvers.connections import Connection, Window, connect
from resolvers.context import Info
from resolvers.declare import value
from resolvers.operations import query
from resolvers.orders import TicketOrder, of_tickets
from resolvers.selections import unasked
from resolvers.ticket_filters import TicketFilter, ticket_search
from resolvers.tickets import SPARE_OF_A_TICKET, SPARE_OF_TICKETS, Ticket


async def account_argument(
    info: Info, account_id: strawberry.ID | None = None, **_others: object
) -> Acting:
    """Find the account that a field names, or else that of the request."""
    return await info.context.acting_in(account_id)


@value
class TicketQueries:
    """Questions about tickets."""

    @query(access.SIGNED_IN)
    async def ticket(
        self, info: Info, id: strawberry.ID | None = None, number: str | None = None
    ) -> Ticket | None:
        """One ticket, by id or number. Null, without an error, when it is not the viewer's to see."""
        if (id is None) is (number is None):
            raise InvalidInput("Name the ticket by `id` or by `number`.", "id")
        spare = unasked(info, SPARE_OF_A_TICKET)
        desk = await ticket_access.see(info.context.viewer, id=id, number=number, without=spare)
        return show(desk) if desk else None

    @query(access.member(Permission.TICKETS), account_argument, always=True)
    async def tickets(
        self,
        info: Info,
        acting: Acting,
        account_id: strawberry.ID | None = None,
        first: int | None = 20,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        filter: TicketFilter | None = None,
        order_by: TicketOrder | None = None,
    ) -> Connection[Ticket] | None:
        """Tickets of one account: `accountId`, or the active one."""
        account = Account.seen(acting)
        everybodys = ticket_lists.of_accounts(ticket_search(filter), of_tickets(order_by))
        listing = everybodys.without(unasked(info, SPARE_OF_TICKETS))
        window = Window(first, after, last, before)
        mine = listing.of(acting.account.id)
        return await connect(mine, window, lambda row: of_account(row, account))


def of_account(row: Row, account: Account) -> Ticket:
    """Show a ticket of an account."""
    acting = account.acting
    return Ticket.of(Desk(acting.viewer, row, acting), account)


def show(desk: Desk) -> Ticket:
    """Show a ticket that was found."""
    return Ticket.of(desk, Account.of(desk.row, desk.acting) if desk.acting else None)
