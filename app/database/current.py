"""The connection that statements go to: that of the transaction one is in, or the one that lends others."""

from typing import Any

from tortoise.context import get_current_context, require_context


def connection() -> Any:  # noqa: ANN401  # of either dialect, or a transaction: they share no class of ours
    """Find it without asking in which process and loop we are, as Tortoise does each time."""
    handler = (get_current_context() or require_context()).connections
    found = handler._storage_var.get().get("default")  # noqa: SLF001  # the public `get` is what asks
    return handler.get("default") if found is None else found


def dialect() -> str:
    """Name the dialect: `postgres` or `sqlite`."""
    name: str = connection().capabilities.dialect
    return name
