"""How compiled code reads a field of an object: its attribute, or what a pure method answers."""

from collections.abc import Callable, Mapping
from typing import Final, cast

from graphql import FieldNode, GraphQLField, GraphQLNonNull, is_leaf_type
from graphql.execution.values import VariableValues, get_argument_values
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from app.engine.sources import Bail, Source

DEFINITION: Final = "strawberry-definition"


def read(field: GraphQLField, node: FieldNode, v: str, source: Source) -> str:
    """Read a field of the object that is named; without its guards."""
    definition = definition_of(field)
    if peeks := _peeks(definition, source):
        return f"{source.name(peeks[0])}({v})"
    if definition.base_resolver is None:
        return _attribute(definition, v, source)
    return _call(definition.base_resolver, field, node, (v, source))


def is_attribute(field: GraphQLField, source: Source) -> bool:
    """Whether a field is there already: its object keeps it, and several objects may share it."""
    definition = definition_of(field)
    return definition.base_resolver is None and not _peeks(definition, source)


def is_fetched(field: GraphQLField) -> bool:
    """Whether a field has to be awaited."""
    definition = field.extensions.get(DEFINITION)
    return isinstance(definition, StrawberryField) and definition.is_async


def guards(field: GraphQLField, v: str, source: Source) -> list[str]:
    """Write what the guards of a field ask of an object, those asked last at first; no other extension is compiled."""
    asked = []
    definition = definition_of(field)
    known = _peeks(definition, source)
    for extension in definition.extensions:
        if getattr(extension, "peek", None) in known:
            continue
        asks, check = getattr(extension, "asks", None), getattr(extension, "check", None)
        if asks is not None:
            method, given = asks
            asked.append(f"{v}.{method}({source.name(given)})")
        elif check is not None:
            asked.append(f"{source.name(check)}({v}, C)")
        else:
            raise Bail
    return asked


def definition_of(field: GraphQLField) -> StrawberryField:
    """Find Strawberry's definition of a field; introspection has none."""
    definition = field.extensions.get(DEFINITION)
    if not isinstance(definition, StrawberryField):
        raise Bail
    return definition


def _peeks(definition: StrawberryField, source: Source) -> list[object]:
    """Find what answers a fetched field where the answer is known, and raises LookupError where it is not."""
    found = (getattr(extension, "peek", None) for extension in definition.extensions)
    return [peek for peek in found if peek is not None and source.peeks]


def _attribute(definition: StrawberryField, v: str, source: Source) -> str:
    if definition.default_resolver is getattr:
        name = definition.python_name
        kept = getattr(
            definition.origin, name, None
        )  # a property may say where its object has the value
        return f"{v}.{getattr(kept, 'place', name)}"
    return f"{source.name(definition.default_resolver)}({v}, {definition.python_name!r})"


def _call(
    resolver: StrawberryResolver[object],
    field: GraphQLField,
    node: FieldNode,
    place: tuple[str, Source],
) -> str:
    """Call a method that asks for nothing but its object and leaves; it may run twice, so it has to be pure."""
    v, source = place
    if not _is_simple(resolver) or not _takes_leaves(resolver, field):
        raise Bail
    name = source.name(resolver._unbound_wrapped_func)  # noqa: SLF001  # it has no public name
    if not resolver.arguments:
        return f"{name}({v})"
    return f"{name}({v}, **{source.name(_arguments(resolver, field, node))}(V))"


def _is_simple(resolver: StrawberryResolver[object]) -> bool:
    others = resolver.info_parameter or resolver.parent_parameter or resolver.root_parameter
    return bool(resolver.self_parameter) and not resolver.is_async and not others


def _takes_leaves(resolver: StrawberryResolver[object], field: GraphQLField) -> bool:
    types = [argument.type for argument in field.args.values()]
    inner = [typ.of_type if isinstance(typ, GraphQLNonNull) else typ for typ in types]
    return all(map(is_leaf_type, inner)) and not any(each.is_maybe for each in resolver.arguments)


def _arguments(
    resolver: StrawberryResolver[object], field: GraphQLField, node: FieldNode
) -> Callable[[VariableValues], Mapping[str, object]]:
    names = dict(zip(field.args, (each.python_name for each in resolver.arguments), strict=True))

    def arguments(variables: VariableValues) -> Mapping[str, object]:
        values = cast("dict[str, object]", get_argument_values(field, node, variables))
        return {names[name]: value for name, value in values.items()}

    return arguments
