"""The straight way to a resolver: through its extensions, as Strawberry puts them together, but once."""

from collections.abc import Callable, Iterable
from functools import partial, reduce
from typing import Any, Final, TypeAlias

from graphql import (
    FieldNode,
    GraphQLArgument,
    GraphQLField,
    GraphQLFieldResolver,
    Undefined,
)
from strawberry import Info
from strawberry.extensions.field_extension import FieldExtension, build_field_extension_resolvers
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from app.engine.inputs import Convert, converter
from app.engine.reading import DEFINITION, definition_of
from app.engine.sources import Bail

Run: TypeAlias = Callable[..., Any]
AS_THEY_COME: Final = FieldExtension.map_arguments


def direct(field: GraphQLField, node: FieldNode) -> GraphQLFieldResolver | None:
    """Resolve a field that is fetched; None where Strawberry has more to do than to convert arguments and to call."""
    try:
        definition = definition_of(field)
        ways = {name: _way(argument) for name, argument in _given(field, node)}
    except Bail:
        return None
    resolver = definition.base_resolver
    if resolver is None or not _is_usual(definition, resolver):
        return None
    run = _chained(definition, resolver)

    def resolve(source: object, info: Any, **given: object) -> Any:  # noqa: ANN401  # graphql-core's
        handed = {}
        for name, value in given.items():
            python_name, convert = ways[name]
            handed[python_name] = convert(value)
        return run(source, Info(_raw_info=info, _field=definition), **handed)

    return resolve


def _given(field: GraphQLField, node: FieldNode) -> Iterable[tuple[str, GraphQLArgument]]:
    written = {argument.name.value for argument in node.arguments or ()}
    for name, argument in field.args.items():
        if name in written or argument.default_value is not Undefined:
            yield name, argument


def _way(argument: GraphQLArgument) -> tuple[str, Convert]:
    """Say as what an argument is handed to its resolver, and how it is converted before."""
    definition = argument.extensions.get(DEFINITION)
    if not isinstance(definition, StrawberryArgument) or definition.is_maybe:
        raise Bail
    return definition.python_name, converter(argument.type)


def _is_usual(definition: StrawberryField, resolver: StrawberryResolver[Any]) -> bool:
    return (
        definition.is_async
        and not definition.is_subscription
        and not (resolver.parent_parameter or resolver.root_parameter)
        and all(type(each).map_arguments is AS_THEY_COME for each in definition.extensions)
    )


def _chained(definition: StrawberryField, resolver: StrawberryResolver[Any]) -> Run:
    takes_self, takes_info = resolver.self_parameter, resolver.info_parameter

    def last(source: Any, info: object, **handed: object) -> Any:  # noqa: ANN401  # what it answers
        if takes_info:
            handed["info"] = info
        return resolver(source, **handed) if takes_self else resolver(**handed)

    def before(run: Run, extension: Run) -> Run:
        return partial(extension, run)

    return reduce(before, build_field_extension_resolvers(definition), last)
