"""Asking one graph twice: by graphql-core alone, and by the engine."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

import orjson
import strawberry
from graphql import ExecutionResult
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext as Core

from app.engine.executing import Engine, Operation
from app.engine.limits import Limits
from app.engine.plans import Plan
from tests.engine.questions import SCHEMA

LIMITS = Limits(*(10**9,) * 8)
TIMES = 5  # not compiled, compiling, compiled, and twice more


def written(result: ExecutionResult) -> bytes:
    """Write everything that a client could see."""
    errors = [error.formatted for error in result.errors or ()]
    return orjson.dumps({"data": result.data, "errors": errors})


@dataclass
class Pair:
    """Two engines over one graph, of which one never compiles."""

    schema: strawberry.Schema = SCHEMA
    fast: Engine = field(init=False)
    core: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.fast, self.core = Engine(self.schema, LIMITS), Engine(self.schema, LIMITS)
        self.core.executor = Core

    async def agree(
        self,
        query: str,
        variables: Mapping[str, object] | None = None,
        context: Collection[str] | None = None,
    ) -> bytes:
        """Ask again and again; every answer has to be graphql-core's, byte for byte."""
        operation = Operation(query, dict(variables or {}))
        expected = written(await self.core.execute(self.core.find(operation), context))
        for _ in range(TIMES):
            got = written(await self.fast.execute(self.fast.find(operation), context))
            assert got == expected
        return expected

    async def ask(self, query: str) -> ExecutionResult:
        """Ask the engine once."""
        return await self.fast.execute(self.fast.find(Operation(query)), None)

    def plans(self, query: str) -> Iterable[Plan]:
        """Name the plans that an operation has by now."""
        known = self.fast.find(Operation(query)).prepared.plans.known
        return [plan for plan in known.values() if plan is not None]
