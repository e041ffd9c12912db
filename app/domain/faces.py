"""What is read of people and accounts wherever they are shown: one set of columns each, for every list."""

from app.database import statements
from app.database.statements import Row
from models import Account, Department

USER = ("id", "first_name", "last_name", "created_at")
ACCOUNT = ("id", "name", "status", "owner_id", "created_at")
OPERATOR = ("id", "role", "user__first_name", "user__last_name", "user__id", "user__created_at")


def user(path: str) -> dict[str, str]:
    """Read a user along a relation, as others see them."""
    return statements.under(path, USER, path)


def operator(path: str) -> dict[str, str]:
    """Read an operator along a relation."""
    return statements.under(path, OPERATOR)


def account(path: str = "") -> dict[str, str]:
    """Read an account along a relation, or as the rows themselves, with its owner."""
    way = f"{path}__" if path else ""
    own = {f"account.{column}": column for column in ACCOUNT}
    return {
        **(statements.under(path, ACCOUNT, "account") if path else own),
        **statements.under(f"{way}owner", USER, "owner"),
    }


def account_in(row: Row) -> Account | None:
    """Take the account out of a row, if there is one: what is shown of it, and what rules ask."""
    return statements.instance(Account, "account", row, ACCOUNT)


def account_of(row: Row) -> Account:
    """Take the account out of a row where there is one."""
    return statements.found(Account, "account", row, ACCOUNT)


def department(path: str) -> dict[str, str]:
    """Read a department along a relation."""
    return statements.whole(Department, "department", path)
