"""graphql-core's executor, with compiled functions for what an operation was seen to read before."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple, Self, TypeAlias

from graphql import (
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLResolveInfoHelpers,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.executor import CollectedErrors
from graphql.execution.values import VariableValues
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.engine.alone import Alone
from app.engine.compiler import Compiler
from app.engine.plans import Key, Plan, Plans
from app.engine.reading import is_fetched

Answer: TypeAlias = dict[str, Any]
Completed: TypeAlias = Any  # graphql-core's: a value, or what can be awaited for one
Position: TypeAlias = Any  # graphql-core's, for @defer, which is not ours


class Asked(NamedTuple):
    """What is of one request alone."""

    context: object
    variables: VariableValues
    extensions: Mapping[str, object]


class CompiledExecutor(StrawberryGraphQLCoreExecutionContext):
    """Runs an operation's plans where it has them; a value that they were not made for goes the general way.

    Results, errors, paths and nulls are graphql-core's. Without plans it is graphql-core's executor.
    """

    plans: Plans | None = None
    chosen: Key = ()
    is_general = False

    def another(self, plans: Plans, asked: Asked) -> Self:
        """Make one that answers a request of the same operation, and count one use of its plans.

        Whatever an execution writes into is its own; what it would for `@defer` and `@stream` nobody does.
        """
        plans.uses += 1
        coerced = asked.variables.coerced
        other = object.__new__(type(self))
        other.__dict__ = {
            **vars(self),
            "context_value": asked.context,
            "variable_values": asked.variables,
            "operation_extensions": asked.extensions,
            "collected_errors": CollectedErrors(),
            "background_futures": set(),
            "_relevant_sub_fields": {},
            "plans": plans,
            # A plan holds for what its conditions are this time.
            "chosen": tuple([coerced.get(name) for name in plans.conditions]),
        }
        other.async_helpers = GraphQLResolveInfoHelpers(
            gather=other.gather_async_work, track=other.track_async_work
        )
        return other

    def execute_operation(self, serially: bool | None = None) -> Completed:  # noqa: FBT001  # graphql-core's
        """Answer with the one field of the root, if it is the only one."""
        root = self.plans.root(self.chosen, lambda: Alone.at_root(self)) if self.plans else None
        return root.answer(self) if root else super().execute_operation(serially)

    def complete_value(  # noqa: PLR0913, PLR0917  # graphql-core's
        self,
        return_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: object,
        position_context: Position,
    ) -> Completed:
        """Complete a value with one call where its whole subtree was compiled."""
        args = (return_type, field_details_list, info, path, result, position_context)
        general = super().complete_value
        if isinstance(return_type, GraphQLNonNull) or not _has_subfields(field_details_list):
            return general(*args)
        plan = self._plan(
            ("whole", id(return_type)),
            field_details_list,
            lambda: Plan(self._compiler().whole(return_type, field_details_list)),
        )
        if plan is None or result is None or isinstance(result, Exception):
            return general(*args)
        done, answer = self.attempt(plan, result)
        return answer if done else self._generally(general, *args)

    def collect_and_execute_subfields(  # noqa: PLR0913, PLR0917  # graphql-core's
        self,
        return_type: GraphQLObjectType,
        field_details_list: FieldDetailsList,
        path: Path,
        result: object,
        position_context: Position,
    ) -> Completed:
        """Complete the plain fields of an object with one call, the others one by one."""
        args = (return_type, field_details_list, path, result, position_context)
        general = super().collect_and_execute_subfields
        plan = self._plan(
            ("part", id(return_type)),
            field_details_list,
            lambda: self._part(return_type, field_details_list),
        )
        if plan is None:
            return general(*args)
        done, answer = self.attempt(plan, result)
        if not done:
            return self._generally(general, *args)
        if plan.alone is not None:
            return plan.alone.beside(answer, self, result, path)
        rest = self.execute_fields(return_type, result, path, plan.rest, position_context)
        return answer | rest if isinstance(rest, dict) else _merged(answer, rest)

    def attempt(self, plan: Plan, value: object) -> tuple[bool, Answer]:
        """Run a plan; an error of any kind means that graphql-core has to tell it."""
        plan.calls += 1
        run: Any = plan.run
        try:
            return True, run(value, self.variable_values, self.context_value, {})
        except Exception:  # noqa: BLE001  # whatever it is, it happens again where it is reported
            plan.fell_back()
            return False, {}

    def _plan(self, kind: Key, group: FieldDetailsList, write: Callable[[], Plan]) -> Plan | None:
        """Find the plan for a type and *all* nodes merged into a field: with the first alone, fragments mix."""
        if self.plans is None or self.is_general:
            return None
        nodes = [id(details.node) for details in group]
        return self.plans.find((*kind, *nodes, *self.chosen), write)

    def _part(self, typ: GraphQLObjectType, group: FieldDetailsList) -> Plan:
        run, rest = self._compiler().part(typ, group)
        alone = Alone.among(self, typ, rest)
        return Plan(run, rest, alone if alone and is_fetched(alone.field) else None)

    def _compiler(self) -> Compiler:
        return Compiler(self.schema, self.collect_subfields)

    def _generally(self, complete: Callable[..., Completed], *args: object) -> Completed:
        """Complete with graphql-core alone, so that nothing below is tried again."""
        before, self.is_general = self.is_general, True
        try:
            return complete(*args)
        finally:
            self.is_general = before


def _has_subfields(group: FieldDetailsList) -> bool:
    return group[0].node.selection_set is not None


async def _merged(answer: Answer, rest: Awaitable[Answer]) -> Answer:
    """Put the awaited fields in their places."""
    return answer | await rest
