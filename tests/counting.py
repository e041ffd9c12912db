"""Counting the statements that an operation costs."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class Counted(logging.Handler):
    """Keeps every statement that is sent to the database."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.statements: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        self.statements.append(record.getMessage())


@contextmanager
def counted() -> Iterator[list[str]]:
    """Collect the statements of a block; BEGIN and COMMIT are not among them."""
    log, handler = logging.getLogger("tortoise.db_client"), Counted()
    before = log.level
    log.setLevel(logging.DEBUG)
    log.addHandler(handler)
    try:
        yield handler.statements
    finally:
        log.removeHandler(handler)
        log.setLevel(before)
