"""A field that is alone: what most operations ask of their root, and of an object whose other fields are there already.

It is found once, and awaited without the layers that many fields need.
"""

from collections.abc import Mapping
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

from app.engine.direct import direct
from app.kit.frozen import frozen

Executor: TypeAlias = Core[Any]
Selected: TypeAlias = Mapping[str, FieldDetailsList]


@frozen
class Alone:
    """The field; `arguments` are those that no variable has a say in."""

    key: str
    parent: GraphQLObjectType
    field: GraphQLField
    resolve: GraphQLFieldResolver
    group: FieldDetailsList
    nodes: list[FieldNode]
    arguments: Mapping[str, Any] | None

    @classmethod
    def at_root(cls, executor: Executor) -> Self | None:
        """Find the one field of the root; None where graphql-core has more to do than to await it."""
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
        return None if deferred else cls.among(executor, parent, selected)

    @classmethod
    def among(
        cls, executor: Executor, parent: GraphQLObjectType, selected: Selected
    ) -> Self | None:
        """Find the one field of a type that is selected; None if it is not one."""
        if len(selected) != 1:
            return None
        [(key, group)] = selected.items()
        nodes = [details.node for details in group]
        field = parent.fields.get(nodes[0].name.value)
        if field is None or field.resolve is None or group[0].fragment_variable_values:
            return None
        is_fixed = not any(map(_varies, nodes[0].arguments or ()))
        arguments = _arguments(executor, field, nodes[0]) if is_fixed else None
        resolve = direct(field, nodes[0]) or field.resolve
        return cls(key, parent, field, resolve, group, nodes, arguments)

    async def answer(self, executor: Executor) -> ExecutionResult:
        """Answer an operation that asks for nothing else, as graphql-core would."""
        errors = executor.collected_errors
        try:
            value = await self.value(executor, executor.root_value, None)
        except GraphQLError as nothing:
            errors.add(nothing, None)
            return ExecutionResult(None, errors.errors)
        return ExecutionResult({self.key: value}, errors.errors or None)

    async def beside(
        self, answer: dict[str, Any], executor: Executor, source: object, place: Path
    ) -> dict[str, Any]:
        """Put it in its place in an object's answer."""
        answer[self.key] = await self.value(executor, source, place)
        return answer

    async def value(self, executor: Executor, source: object, place: Path | None) -> Any:  # noqa: ANN401  # graphql-core's
        """Resolve and complete it; an error that it must not be null for is raised."""
        path, kind = Path(place, self.key, self.parent.name), self.field.type
        info = executor.build_resolve_info(self.field, self.nodes, self.parent, path)
        try:
            given = self.arguments
            if given is None:
                given = _arguments(executor, self.field, self.nodes[0])
            value = self.resolve(source, info, **given)
            if executor.is_awaitable(value):
                value = await value
            done = executor.complete_value(kind, self.group, info, path, value, None)
            return await done if executor.is_awaitable(done) else done
        except Exception as error:  # noqa: BLE001  # graphql-core tells it
            executor.handle_field_error(error, kind, self.group, path)
            return None


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
