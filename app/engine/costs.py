"""What an operation may come to: the values its answer can hold, with lists multiplied by what was asked for."""

from collections.abc import Mapping
from dataclasses import field, replace
from itertools import chain
from typing import Final, TypeAlias, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
)

from app.kit.frozen import frozen

Values: TypeAlias = Mapping[str, object]

MANY: Final = ("last", "first", "ids")  # the arguments that say how long a list is, by their rank
UNTOLD: Final = 10  # how long a list is taken to be where no argument says it
DIRECTIVE: Final = "cost"

Composite: TypeAlias = GraphQLObjectType | GraphQLInterfaceType


@frozen
class Length:
    """How long a list may be: the first of these that is told, a number or what a variable holds."""

    told: tuple[int | str, ...] = (UNTOLD,)

    @property
    def varies(self) -> bool:
        """Whether variables have a say."""
        return isinstance(self.told[0], str)

    def of(self, values: Values, most: int) -> int:
        """Say it for the variables of a request; longer lists than `most` are refused where they are read."""
        for each in self.told:
            value = values.get(each) if isinstance(each, str) else each
            number = len(value) if isinstance(value, list) else value
            if isinstance(number, int):
                return max(0, min(number, most))
        return min(UNTOLD, most)


@frozen
class Cost:
    """A sum: what is known from the document, and lists whose length a variable tells."""

    fixed: int = 0
    varying: tuple["Listed", ...] = ()

    def of(self, values: Values, most: int) -> int:
        """Count for the variables of a request."""
        return self.fixed + sum(listed.of(values, most) for listed in self.varying)

    def times(self, length: Length, most: int) -> "Cost":
        """Put it into a list."""
        if length.varies:
            return Cost(varying=(Listed(length, self),))
        number = length.of({}, most)
        longer = tuple(Listed(length, Cost(varying=(each,))) for each in self.varying)
        return Cost(self.fixed * number, longer)


@frozen
class Listed:
    """A list, and what each of its items costs."""

    length: Length
    each: Cost

    def of(self, values: Values, most: int) -> int:
        """Count for the variables of a request."""
        return self.length.of(values, most) * self.each.of(values, most)


@frozen
class Estimate:
    """Walks a valid operation that is within the limits of its text."""

    graph: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    most: int
    page: Length = Length()
    memo: dict[tuple[str, Length], Cost] = field(default_factory=dict)

    def of(self, operation: OperationDefinitionNode) -> Cost:
        """Count an operation; what is skipped counts, for it may not be the next time."""
        root = self.graph.get_root_type(operation.operation)
        return self.inside(operation.selection_set, root)

    def inside(self, selections: SelectionSetNode, parent: GraphQLNamedType | None) -> Cost:
        """Count what is selected of a type."""
        parts = [self._part(selection, parent) for selection in selections.selections]
        fixed = sum(part.fixed for part in parts)
        return Cost(fixed, tuple(chain.from_iterable(part.varying for part in parts)))

    def _part(self, selection: SelectionNode, parent: GraphQLNamedType | None) -> Cost:
        if isinstance(selection, FieldNode):
            return self._field(selection, parent)
        if isinstance(selection, FragmentSpreadNode):
            return self._spread(selection.name.value)
        return self._fragment(cast("InlineFragmentNode", selection), parent)

    def _spread(self, name: str) -> Cost:
        key = name, self.page
        if key not in self.memo:
            self.memo[key] = self._fragment(self.fragments[name], None)
        return self.memo[key]

    def _fragment(
        self, fragment: FragmentDefinitionNode | InlineFragmentNode, parent: GraphQLNamedType | None
    ) -> Cost:
        named = fragment.type_condition
        within = self.graph.get_type(named.name.value) if named else parent
        return self.inside(fragment.selection_set, within)

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> Cost:
        name = node.name.value
        if name.startswith("__") or not isinstance(parent, Composite):
            return Cost(1)  # introspection has a rule of its own
        definition = parent.fields[name]
        weight = weight_of(definition)
        if node.selection_set is None:
            return Cost(weight)
        asked = _asked(node, definition)
        below = replace(self, page=asked or Length())
        inner = below.inside(node.selection_set, get_named_type(definition.type))
        cost = Cost(weight + inner.fixed, inner.varying)
        is_list = isinstance(get_nullable_type(definition.type), GraphQLList)
        return cost.times(asked or self.page, self.most) if is_list else cost


def weight_of(definition: GraphQLField) -> int:
    """Return what the schema says a field costs, which is 1 where it says nothing."""
    field = definition.extensions.get("strawberry-definition")
    for directive in getattr(field, "directives", ()):
        if directive.__strawberry_directive__.graphql_name == DIRECTIVE:
            return int(directive.weight)
    return 1


def _asked(node: FieldNode, definition: GraphQLField) -> Length | None:
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    told = [length for name in MANY if (length := _length(given.get(name))) is not None]
    if "first" in definition.args:
        told.append(definition.args["first"].default_value)
    return Length(tuple(told)) if told else None


def _length(value: ValueNode | None) -> int | str | None:
    if isinstance(value, VariableNode):
        return value.name.value
    if isinstance(value, IntValueNode):
        return int(value.value)
    return len(value.values) if isinstance(value, ListValueNode) else None
