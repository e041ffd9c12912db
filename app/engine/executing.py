"""Executing operations of one schema: what Strawberry's views do, without their price a request."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import field
from typing import TypeAlias, TypeGuard, TypeVar, cast

import strawberry
from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationType,
    default_field_resolver,
    default_type_resolver,
)
from graphql.execution import (
    create_source_event_stream,
    execute_root_selection_set,
    map_source_to_response_event,
)
from graphql.execution.values import VariableValues, get_variable_values
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext as Core

from app.engine.codes import Code, Invalid, coded, refused
from app.engine.compiled import Asked, CompiledExecutor
from app.engine.documents import Documents, Prepared
from app.engine.limits import BEYOND_ANY_LIMIT, Limits
from app.engine.patience import OutOfPatience, Patience
from app.kit.frozen import frozen

E = TypeVar("E", bound=Core)
Values: TypeAlias = dict[str, object]

INCREMENTAL = ("defer", "stream")
MOST_VARIABLE_ERRORS = 50
TOO_LONG = "The query took longer than {:g} seconds. Ask for less at once."
TOO_MANY = (
    "The answer could hold {:,} values; {:,} are allowed. "
    "Ask for smaller pages (`first`), or for fewer lists inside lists."
)
NO_VARIABLES = VariableValues({}, {})
NOTHING_ASKED = Asked(None, NO_VARIABLES, {})
IS_AWAITABLE = cast("Callable[[object], TypeGuard[Awaitable[object]]]", optimized_is_awaitable)


@frozen
class Operation:
    """What a client sent."""

    query: str
    variables: Values = field(default_factory=dict)
    name: str | None = None
    extensions: Mapping[str, object] = field(default_factory=dict)


@frozen
class Runnable:
    """An operation whose document was found valid."""

    asked: Operation
    prepared: Prepared

    @property
    def kind(self) -> OperationType:
        """Query, mutation or subscription."""
        return self.prepared.definition.operation


class Engine:
    """Executes valid documents; refuses a schema whose extensions it would leave out silently.

    `executor` may be set to graphql-core's own, to compare.
    """

    def __init__(
        self,
        schema: strawberry.Schema,
        limits: Limits,
        *,
        suggestions: bool = False,
        introspection: bool = True,
    ) -> None:
        if schema.extensions or schema.directives or schema.execution_context_class is not Core:
            message = (
                "Schema extensions, executable directives and other executors do not run here."
            )
            raise TypeError(message)
        self.graph: GraphQLSchema = schema._schema  # noqa: SLF001  # it has no public name
        if any(map(self.graph.get_directive, INCREMENTAL)):
            raise TypeError("Answers in parts (@defer, @stream) are not given here.")
        self.executor: type[Core] = CompiledExecutor
        self.limits, self.patience = limits, Patience(limits.seconds)
        self.hides_suggestions = not suggestions
        self.documents = Documents(
            self.graph, limits, suggestions=suggestions, introspection=introspection
        )

    def find(self, operation: Operation) -> Runnable:
        """Parse and validate, unless that was done before; raises Invalid."""
        document = self.documents.find(operation.query)
        return Runnable(operation, document.operation(operation.name))

    async def execute(self, runnable: Runnable, context: object) -> ExecutionResult:
        """Execute a query or a mutation; raises Invalid if its variables cannot be read.

        A query that takes too long is broken off; what a mutation has begun, it finishes.
        """
        executor = self.executor_for(runnable, context)
        try:
            return await self._finished(executor, runnable.kind)
        finally:
            # It holds methods of its own; let go of them, all that the request had is freed now, and not searched for.
            del executor.async_helpers

    async def _finished(self, executor: Core, kind: OperationType) -> ExecutionResult:
        result = execute_root_selection_set(executor)
        if not isinstance(result, Awaitable):
            return result
        if kind is not OperationType.QUERY:
            return await result
        try:
            return await self.patience.wait_for(result)
        except OutOfPatience:
            raise Invalid(refused(Code.TIMED_OUT, TOO_LONG.format(self.limits.seconds))) from None

    async def events(self, runnable: Runnable, context: object) -> AsyncGenerator[ExecutionResult]:
        """Execute a subscription; raises Invalid, and whatever its source raises."""
        executor = self.executor_for(runnable, context)
        opening = create_source_event_stream(executor)
        source = await opening if isinstance(opening, Awaitable) else opening
        if isinstance(source, ExecutionResult):
            raise Invalid(*(source.errors or ()))
        stream = map_source_to_response_event(executor, source)
        try:
            async for result in stream:
                yield result
        finally:
            await stream.aclose()

    def executor_for(self, runnable: Runnable, context: object) -> Core:
        """Make what executes one request; raises Invalid."""
        prepared, variables = runnable.prepared, self._variables(runnable)
        self._refuse_costly(prepared, variables)
        asked = Asked(context, variables, runnable.asked.extensions)
        if not issubclass(self.executor, CompiledExecutor):
            return self._made(self.executor, prepared, asked)
        if prepared.plans.pattern is None:
            prepared.plans.pattern = self._made(self.executor, prepared, NOTHING_ASKED)
        executor: CompiledExecutor = prepared.plans.pattern.another(prepared.plans, asked)
        return executor

    def _made(self, kind: type[E], prepared: Prepared, asked: Asked) -> E:
        return kind(
            self.graph,
            prepared.fragments,
            prepared.details,
            None,
            asked.context,
            prepared.definition,
            asked.variables,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            is_awaitable=IS_AWAITABLE,
            hide_suggestions=self.hides_suggestions,
            operation_extensions=asked.extensions,
        )

    def _refuse_costly(self, prepared: Prepared, variables: VariableValues) -> None:
        cost, most = prepared.cost.of(variables.coerced, self.limits.page), self.limits.values
        if cost > most:
            message = TOO_MANY.format(min(cost, BEYOND_ANY_LIMIT), most)
            raise Invalid(refused(Code.QUERY_TOO_COMPLEX, message, [prepared.definition]))

    def _variables(self, runnable: Runnable) -> VariableValues:
        declared = runnable.prepared.definition.variable_definitions
        if not declared:
            return NO_VARIABLES
        values = get_variable_values(
            self.graph,
            declared,
            runnable.asked.variables,
            max_errors=MOST_VARIABLE_ERRORS,
            hide_suggestions=self.hides_suggestions,
        )
        if isinstance(values, list):
            raise Invalid(*(_about_variables(error) for error in values))
        return values


def _about_variables(error: GraphQLError) -> GraphQLError:
    original = error.original_error
    code: object = getattr(original, "code", None)
    return coded(error, Code.BAD_REQUEST) if code is None else error
