"""In which order lists come."""

from dataclasses import replace
from enum import StrEnum

from app.database.paging import Order
from app.domain import account_lists, ticket_lists
from resolvers.declare import form, words


@words
class Direction(StrEnum):
    """Up or down."""

    ASC = "ASC"
    DESC = "DESC"


@words
class TicketOrderField(StrEnum):
    """By what tickets can be sorted."""

    UPDATED_AT = "UPDATED_AT"
    CREATED_AT = "CREATED_AT"
    PRIORITY = "PRIORITY"


@words
class AccountOrderField(StrEnum):
    """By what accounts can be sorted: their name, their age, or when the viewer last used them."""

    NAME = "NAME"
    CREATED_AT = "CREATED_AT"
    LAST_USED_AT = "LAST_USED_AT"


@form
class TicketOrder:
    """The order of a list of tickets."""

    field: TicketOrderField
    direction: Direction = Direction.DESC


@form
class AccountOrder:
    """The order of a list of accounts."""

    field: AccountOrderField
    direction: Direction = Direction.ASC


ACCOUNTS = {
    AccountOrderField.NAME: account_lists.BY_NAME,
    AccountOrderField.CREATED_AT: account_lists.BY_AGE,
    AccountOrderField.LAST_USED_AT: account_lists.BY_USE,
}


def of_tickets(wanted: TicketOrder | None) -> Order:
    """Read an order of tickets; whatever changed last comes first."""
    if wanted is None:
        return ticket_lists.order("UPDATED_AT", descending=True)
    return ticket_lists.order(wanted.field, descending=wanted.direction is Direction.DESC)


def of_accounts(wanted: AccountOrder | None) -> Order:
    """Read an order of accounts; by name unless told otherwise."""
    if wanted is None:
        return account_lists.BY_NAME
    return replace(ACCOUNTS[wanted.field], descending=wanted.direction is Direction.DESC)
