"""The words in which the graph is written: each says what clients should read, and who may ask."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING
from enum import Enum
from inspect import getdoc
from operator import attrgetter, itemgetter
from typing import Any, Final, TypeVar, cast, dataclass_transform

import strawberry
from strawberry.schema_directive import Location
from strawberry.types.base import has_object_definition
from strawberry.types.field import StrawberryField

from app.domain.access import Rule
from resolvers.access import ObjectGuard, printed

T = TypeVar("T")
E = TypeVar("E", bound=type[Enum])
Resolver = Callable[..., Any]
DECLARED: Final = "__keyfob_rule__"


@strawberry.schema_directive(
    name="semanticNonNull",
    locations=[Location.FIELD_DEFINITION],
    description="Null only if `errors` holds an entry for this path (Relay and Apollo Kotlin understand this).",
)
class SemanticNonNull:
    """Tells that a nullable field is null by an error only."""

    levels: list[int] | None = strawberry.UNSET


@strawberry.schema_directive(
    name="cost",
    locations=[Location.FIELD_DEFINITION],
    description=(
        "What a field counts for in the limit of what an answer may hold, if it is more than 1. "
        "Lists multiply what is inside them by `first`, `last`, or the number of `ids`."
    ),
)
class Cost:
    """Tells that a field takes more work than most."""

    weight: int


def attribute(
    *,
    description: str | None = None,
    name: str | None = None,
    default: object = MISSING,
    default_factory: Callable[[], object] | object = MISSING,
) -> Any:  # noqa: ANN401  # it stands where the value will
    """Declare an attribute whose name does not say enough, or whose default is made."""
    return strawberry.field(
        name=name, description=description, default=default, default_factory=default_factory
    )


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field, attribute))
def node(rule: Rule) -> Callable[[type[T]], type[T]]:
    """Declare an object that is found by a rule."""

    def declare(cls: type[T]) -> type[T]:
        setattr(cls, DECLARED, rule)
        return strawberry.type(cls, description=getdoc(cls), directives=[printed(rule)])

    return declare


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field, attribute))
def value(cls: type[T]) -> type[T]:
    """Declare an object that is only seen through what holds it: a payload, an edge, a badge."""
    setattr(cls, DECLARED, None)
    return strawberry.type(cls, description=getdoc(cls))


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field, attribute))
def named(name: str) -> Callable[[type[T]], type[T]]:
    """Declare a value whose name in the graph is taken in Python."""

    def declare(cls: type[T]) -> type[T]:
        setattr(cls, DECLARED, None)
        return strawberry.type(cls, name=name, description=getdoc(cls))

    return declare


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field, attribute))
def interface(cls: type[T]) -> type[T]:
    """Declare what several objects share."""
    return strawberry.interface(cls, description=getdoc(cls))


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field, attribute))
def form(cls: type[T]) -> type[T]:
    """Declare what a mutation or a filter asks for."""
    return without_nulls(strawberry.input(cls, description=getdoc(cls)))


@dataclass_transform(kw_only_default=True, field_specifiers=(strawberry.field, attribute))
def one_of(cls: type[T]) -> type[T]:
    """Declare an input of which exactly one field is given."""
    return strawberry.input(cls, description=getdoc(cls), one_of=True)


def without_nulls(cls: type[T]) -> type[T]:
    """Leave `= null` out of the schema: what is absent is None in Python all the same."""
    for field in cls.__strawberry_definition__.fields:  # type: ignore[attr-defined]
        if field.default_value is None:
            field.default_value = strawberry.UNSET
    return cls


def optional_arguments(field: StrawberryField) -> StrawberryField:
    """The same for the arguments of a field."""
    for argument in field.arguments:
        if argument.default is None:
            argument.default = strawberry.UNSET
    return field


def words(cls: E, meanings: Mapping[str, str] | None = None, name: str | None = None) -> E:
    """Declare an enumeration, with what its values mean where the name cannot say it."""
    declared = strawberry.enum(cls, name=name, description=getdoc(cls))
    for word in declared.__strawberry_definition__.values:  # type: ignore[attr-defined]
        word.description = (meanings or {}).get(word.name)
    return declared


def told(resolver: Resolver) -> Any:  # noqa: ANN401  # a field stands where its value will
    """Declare a field that is computed from what its object holds."""
    return strawberry.field(resolver, description=getdoc(resolver))


class Kept(property):
    """An attribute that its object has elsewhere: `place` is what compiled code writes behind the object."""

    def __init__(self, place: str, get: Callable[[object], object]) -> None:
        super().__init__(get)
        self.place: Final = place


def columns(row: str, *names: str) -> Callable[[type[T]], type[T]]:
    """Declare that attributes are columns of a row that an object keeps, and are not copied.

    The object is made by `object.__new__`: its own `__init__` would want them. So it is with `borrowed`.
    """

    def column(name: str) -> Kept:
        kept, item = attrgetter(row), itemgetter(name)
        return Kept(f"{row}[{name!r}]", lambda shown: item(kept(shown)))

    return _declaring({name: column(name) for name in names})


def borrowed(model: str, *names: str) -> Callable[[type[T]], type[T]]:
    """Declare that attributes are those of a model that an object keeps."""
    places = {name: f"{model}.{name}" for name in names}
    return _declaring({name: Kept(place, attrgetter(place)) for name, place in places.items()})


def _declaring(attributes: Mapping[str, Kept]) -> Callable[[type[T]], type[T]]:
    def declare(cls: type[T]) -> type[T]:
        for name, kept in attributes.items():
            setattr(cls, name, kept)
        return cls

    return declare


def costing(weight: int) -> Callable[[T], T]:
    """Declare that a field takes more work than most."""

    def declare(field: T) -> T:
        cast("StrawberryField", field).directives = [
            *cast("StrawberryField", field).directives,
            Cost(weight=weight),
        ]
        return field

    return declare


def guarded(rule: Rule, description: str | None = None, *, always: bool = False) -> Any:  # noqa: ANN401
    """Declare an attribute with a rule of its own; `always` tells that it is null by an error only."""
    return strawberry.field(
        description=description,
        directives=_directives(rule, always=always),
        extensions=[ObjectGuard(rule)],
    )


def fetched(rule: Rule | None = None, *, optional: bool = False) -> Callable[[Resolver], Any]:
    """Declare a field that has to be read, by a rule of its own or that of its type; `optional` ones may be null."""

    def declare(resolver: Resolver) -> StrawberryField:
        field: StrawberryField = strawberry.field(
            resolver,
            description=getdoc(resolver),
            directives=_directives(rule, always=not optional),
            extensions=[ObjectGuard(rule)] if rule else [],
        )
        return optional_arguments(field)

    return declare


def _directives(rule: Rule | None, *, always: bool) -> list[object]:
    shown: list[object] = [printed(rule)] if rule else []
    return [*shown, SemanticNonNull()] if always else shown


def rule_of(cls: type) -> Rule | None:
    """Say by which rule a declared type is found; None for a value, LookupError for what was never declared."""
    if DECLARED not in vars(cls) or not has_object_definition(cls):
        raise LookupError(cls.__name__)
    rule: Rule | None = vars(cls)[DECLARED]
    return rule
