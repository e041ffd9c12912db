"""What is read of people and accounts wherever they are shown: one set of columns each, for every list."""

from app.database import statements
from models import Account, Department

USER = ("id", "first_name", "last_name", "created_at")
OPERATOR = ("id", "role", "user__first_name", "user__last_name", "user__id", "user__created_at")


def user(path: str) -> dict[str, str]:
    """Read a user along a relation, as others see them."""
    return statements.under(path, USER, path)


def operator(path: str) -> dict[str, str]:
    """Read an operator along a relation."""
    return statements.under(path, OPERATOR)


def account(path: str) -> dict[str, str]:
    """Read an account along a relation, with its owner."""
    return {
        **statements.whole(Account, "account", path),
        **statements.under(f"{path}__owner", USER, "owner"),
    }


def department(path: str) -> dict[str, str]:
    """Read a department along a relation."""
    return statements.whole(Department, "department", path)
