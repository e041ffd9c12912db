"""The one field that most operations ask of their root: found once, and awaited without the layers that many need."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeAlias

from graphql import (
    ArgumentNode,
    ExecutionResult,
    FieldNode,
    GraphQLError,
    GraphQLField,
    GraphQLFieldResolver,
    GraphQLObjectType,
    Node,
    VariableNode,
)
from graphql.execution import Executor as Core
from graphql.execution.collect_fields import FieldDetailsList, collect_fields
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path

Executor: TypeAlias = Core[Any]


@dataclass(frozen=True, slots=True)
class Root:
    """A field of the root, alone in its operation; `arguments` are those that no variable has a say in."""

    key: str
    parent: GraphQLObjectType
    field: GraphQLField
    resolve: GraphQLFieldResolver
    group: FieldDetailsList
    nodes: list[FieldNode]
    arguments: Mapping[str, Any] | None

    @classmethod
    def of(cls, executor: Executor) -> Self | None:
        """Find it; None where graphql-core has more to do than to await one field."""
        parent = executor.schema.get_root_type(executor.operation.operation)
        if parent is None:
            return None
        selected, deferred, _ = collect_fields(
            executor.schema,
            executor.fragments,
            executor.variable_values,
            parent,
            executor.operation,
            executor.hide_suggestions,
        )
        if len(selected) != 1 or deferred:
            return None
        [(key, group)] = selected.items()
        nodes = [details.node for details in group]
        field = parent.fields.get(nodes[0].name.value)
        if field is None or field.resolve is None or group[0].fragment_variable_values:
            return None
        is_fixed = not any(map(_varies, nodes[0].arguments or ()))
        arguments = _arguments(executor, field, nodes[0]) if is_fixed else None
        return cls(key, parent, field, field.resolve, group, nodes, arguments)

    async def answer(self, executor: Executor) -> ExecutionResult:
        """Resolve and complete it, as graphql-core would."""
        path, kind = Path(None, self.key, self.parent.name), self.field.type
        info = executor.build_resolve_info(self.field, self.nodes, self.parent, path)
        try:
            completed = await self._completed(executor, info, path)
        except Exception as error:  # noqa: BLE001  # graphql-core tells it
            try:
                executor.handle_field_error(error, kind, self.group, path)
            except GraphQLError as nothing:
                executor.collected_errors.add(nothing, None)
                return ExecutionResult(None, executor.collected_errors.errors)
            completed = None
        return ExecutionResult({self.key: completed}, executor.collected_errors.errors or None)

    async def _completed(self, executor: Executor, info: Any, path: Path) -> Any:  # noqa: ANN401  # graphql-core's
        given = self.arguments
        if given is None:
            given = _arguments(executor, self.field, self.nodes[0])
        value = self.resolve(executor.root_value, info, **given)
        if executor.is_awaitable(value):
            value = await value
        done = executor.complete_value(self.field.type, self.group, info, path, value, None)
        return await done if executor.is_awaitable(done) else done


def _arguments(executor: Executor, field: GraphQLField, node: FieldNode) -> dict[str, Any]:
    return get_argument_values(
        field, node, executor.variable_values, None, executor.hide_suggestions
    )


def _varies(argument: ArgumentNode) -> bool:
    stack: list[Node] = [argument.value]
    while stack:
        node = stack.pop()
        if isinstance(node, VariableNode):
            return True
        stack += getattr(node, "values", ())
        stack += (each.value for each in getattr(node, "fields", ()))
    return False
