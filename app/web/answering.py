"""Performing one operation, over whatever it came, and laying out what came of it."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine, Mapping, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import Final

from graphql import ExecutionResult, OperationType
from starlette.requests import HTTPConnection

from app.engine.codes import Code, Invalid
from app.engine.errors import is_unavailable, may_be_repeated, shown, shown_exception
from app.engine.executing import Engine, Operation, Runnable
from app.kit.frozen import frozen
from app.web.contexts import Context, ContextOf, account_id, request_id
from app.web.refusing import Refused

TRIES: Final = 3
STATUSES: Final[Mapping[object, int]] = {
    Code.RATE_LIMITED: 429,
    Code.INTERNAL: 500,
    Code.TIMED_OUT: 503,
    Code.UNAVAILABLE: 503,
}
WAITING: Final = frozenset({429, 503})
RETRY_AFTER: Final = 5
CUT_SHORT: Final = Refused(
    503,
    Code.UNAVAILABLE,
    "The server had to stop before this was finished. See what was done, and try again.",
    {"Retry-After": str(RETRY_AFTER)},
)


@frozen
class Answer:
    """What is sent: without `data` if the operation was never executed."""

    content: dict[str, object]
    status: int = 200
    headers: Sequence[tuple[str, str]] = ()
    is_well_formed: bool = True

    @property
    def is_refusal(self) -> bool:
        """Whether nothing was executed."""
        return "data" not in self.content


class Desk:
    """Performs operations, each with a context of its own."""

    def __init__(self, engine: Engine, context_of: ContextOf) -> None:
        self.engine, self.context_of = engine, context_of
        self.running: set[asyncio.Task[Answer]] = set()
        self.is_closed = False

    def find(self, operation: Operation) -> Runnable:
        """Parse and validate an operation; raises Invalid."""
        return self.engine.find(operation)

    async def answer(self, runnable: Runnable, connection: HTTPConnection) -> Answer:
        """Perform a query or a mutation; a mutation that was begun is finished, whoever leaves."""
        work = self._answer(runnable, connection)
        if runnable.kind is OperationType.MUTATION:
            return await asyncio.shield(self._kept(work))
        return await work

    async def answers(
        self, runnable: Runnable, connection: HTTPConnection
    ) -> AsyncGenerator[Answer]:
        """Perform an operation of any kind, for a transport that streams."""
        if runnable.kind is not OperationType.SUBSCRIPTION:
            yield await self.answer(runnable, connection)
            return
        has_begun = False
        try:
            async with aclosing(self._events(runnable, connection)) as events:
                async for answer in events:
                    yield answer
                    has_begun = True
        except Exception as error:  # noqa: BLE001  # what ends a stream is told in it
            no = refusal(error, connection)
            yield replace(no, content=no.content | {"data": None}) if has_begun else no

    async def finish(self) -> None:
        """Wait for the mutations that were begun."""
        while self.running:
            await asyncio.wait(self.running)

    async def close(self, seconds: float) -> None:
        """Take back the mutations that are still going on; who asked for them is told so."""
        self.is_closed = True
        for task in self.running:
            task.cancel()
        if self.running:
            await asyncio.wait(self.running, timeout=seconds)

    def _kept(self, work: Coroutine[object, object, Answer]) -> asyncio.Task[Answer]:
        task = asyncio.create_task(work)
        self.running.add(task)
        task.add_done_callback(self.running.discard)
        return task

    async def _answer(self, runnable: Runnable, connection: HTTPConnection) -> Answer:
        try:
            context, result = await self._executed(runnable, connection)
        except asyncio.CancelledError:
            if not self.is_closed:
                raise
            return refusal(CUT_SHORT, connection)
        except Exception as error:  # noqa: BLE001  # whatever it is, the client gets an answer
            return refusal(error, connection)
        return _answer(result, context, request_id(connection.scope))

    async def _executed(
        self, runnable: Runnable, connection: HTTPConnection
    ) -> tuple[Context, ExecutionResult]:
        """Execute, and once more if the database says that nothing came of it but might, or who asks has changed."""
        for tried in range(TRIES - 1):
            context = await self._prepared(runnable, connection, recalls=not tried)
            result = await self.engine.execute(runnable, context)
            if await context.holds() and not may_be_repeated(result):
                return context, result
        context = await self._prepared(runnable, connection)
        return context, await self.engine.execute(runnable, context)

    async def _events(
        self, runnable: Runnable, connection: HTTPConnection
    ) -> AsyncGenerator[Answer]:
        context = await self._prepared(runnable, connection)
        async with aclosing(self.engine.events(runnable, context)) as events:
            async for result in events:
                yield _answer(result, context, request_id(connection.scope))
                if is_unavailable(result):
                    return  # what the client missed now, it gets from its last cursor

    async def _prepared(
        self, runnable: Runnable, connection: HTTPConnection, *, recalls: bool = False
    ) -> Context:
        request_id(connection.scope)
        context = self.context_of(connection, account_id(connection, runnable.asked))
        await context.prepare(recalls=recalls)
        return context


def refusal(error: Exception, connection: HTTPConnection) -> Answer:
    """Say why nothing was executed."""
    if isinstance(error, Refused):
        headers = list((error.headers or {}).items())
        return Answer(error.content, error.status, headers, is_well_formed=False)
    told = request_id(connection.scope)
    if isinstance(error, Invalid):
        errors = [shown(each, told) for each in error.errors]
    else:
        errors = [shown_exception(error, told)]
    extensions = errors[0]["extensions"]
    status = STATUSES.get(extensions["code"], 400)
    return Answer({"errors": errors}, status, _waiting(status, extensions))


def _waiting(status: int, extensions: Mapping[str, object]) -> list[tuple[str, str]]:
    if status not in WAITING:
        return []
    return [("Retry-After", str(extensions.get("retryAfterSeconds", RETRY_AFTER)))]


def _answer(result: ExecutionResult, context: Context, told: str) -> Answer:
    content: dict[str, object] = {}
    headers = list(context.response_headers)
    if result.errors:
        content["errors"] = [shown(error, told) for error in result.errors]
    content["data"] = result.data
    status = 503 if is_unavailable(result) else 200
    headers += _waiting(status, {})
    if (used := context.account_context) is not None:
        content["extensions"] = {"accountContext": used}
        named = used.get("accountId")
        headers += [("X-Account-Id", named)] if isinstance(named, str) else []
    return Answer(content, status, headers)
