"""Libraries that few requests need: loaded when they are first asked for something, not when the server starts."""

from importlib import import_module
from typing import Any


class Later:
    """Stands for a library until then; threads that ask at once wait for one another, as at any import."""

    def __init__(self, module: str) -> None:
        self.module = module

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # what the library has
        """Load it, and take what is asked for."""
        return getattr(import_module(self.module), name)
