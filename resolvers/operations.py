"""Declaring what clients can ask of the roots: every one with its rule."""

from collections.abc import Callable
from inspect import getdoc
from typing import Any, cast

import strawberry
from strawberry.extensions.field_extension import AsyncExtensionResolver
from strawberry.schema_directive import Location
from strawberry.types.base import StrawberryOptional
from strawberry.types.field import StrawberryField

from app.database.riders import Outdated
from app.domain import denials
from app.domain.access import Rule
from app.domain.acting import Acting
from app.domain.refusals import ErrorCode, Refusal
from models import AuditAction
from resolvers.access import Find, RootGuard, Subject, printed
from resolvers.context import Info
from resolvers.declare import SemanticNonNull, interface, optional_arguments
from resolvers.errors import UserError, error_of

Resolver = Callable[..., Any]


@strawberry.schema_directive(
    name="fails",
    locations=[Location.FIELD_DEFINITION],
    description=(
        "Codes a mutation can put in `errors`, beyond the ones that any mutation may return: UNAUTHENTICATED FORBIDDEN "
        "NOT_FOUND INVALID_INPUT RATE_LIMITED INTERNAL ACCOUNT_REQUIRED NOT_A_MEMBER MEMBERSHIP_SUSPENDED "
        "ACCOUNT_SUSPENDED ACCOUNT_CLOSED."
    ),
)
class Fails:
    """The codes by which a mutation may fail."""

    codes: list[ErrorCode] = strawberry.directive_field(name="with")


@interface
class Payload:
    """What a mutation answers: its result, or why it was refused."""

    errors: list[UserError] = strawberry.field(default_factory=list)


class MutationGuard(RootGuard):
    """Turns a refusal into the `errors` of the payload, and notes attempts at what is not allowed."""

    def __init__(self, rule: Rule, find: Find | None, action: AuditAction) -> None:
        super().__init__(rule, find)
        self.action = action

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: object, info: Info, **arguments: object
    ) -> object:
        """Resolve, or say why not."""
        try:
            await info.context.refresh()
            return await self._as_they_are(next_, source, info, **arguments)
        except Refusal as no:
            viewer = info.context.found
            if viewer is not None and denials.is_denial(no):
                await denials.note(viewer, self.action, _acting(info.context.subject))
            return _payload(info)(errors=[error_of(no)])

    async def _as_they_are(
        self, next_: AsyncExtensionResolver, source: object, info: Info, **arguments: object
    ) -> object:
        """Resolve, and once more if whoever asks has changed: nobody acts, or is refused, as who they were."""
        run = super().resolve_async
        try:
            return await run(next_, source, info, **arguments)
        except (Refusal, Outdated):
            if await info.context.holds():
                raise
        await info.context.prepare()
        return await run(next_, source, info, **arguments)

    async def admit(self, info: Info, arguments: dict[str, object]) -> dict[str, Subject]:
        """Refuse unless the rule is met, by whoever asks as they are now; an errand asks that under its lock."""
        handed = await super().admit(info, arguments)
        if "errand" not in handed and not await info.context.holds():
            raise Outdated
        return handed


def query(
    rule: Rule, find: Find | None = None, *, always: bool = False
) -> Callable[[Resolver], StrawberryField]:
    """Declare a field that reads; `always` tells that it is null by an error only."""
    shown: list[object] = [printed(rule), SemanticNonNull()] if always else [printed(rule)]

    def declare(resolver: Resolver) -> StrawberryField:
        field = strawberry.field(
            resolver,
            description=getdoc(resolver),
            directives=shown,
            extensions=[RootGuard(rule, find)],
        )
        return optional_arguments(field)

    return declare


def mutation(
    rule: Rule,
    action: AuditAction,
    find: Find | None = None,
    fails: tuple[ErrorCode, ...] = (),
) -> Callable[[Resolver], StrawberryField]:
    """Declare a field that changes something: the event that it writes, and the codes by which it may fail."""
    shown: list[object] = [printed(rule), SemanticNonNull()]

    def declare(resolver: Resolver) -> StrawberryField:
        return strawberry.mutation(
            resolver,
            description=getdoc(resolver),
            directives=[*shown, Fails(codes=list(fails))] if fails else shown,
            extensions=[MutationGuard(rule, find, action)],
        )

    return declare


def subscription(rule: Rule, find: Find | None = None) -> Callable[[Resolver], StrawberryField]:
    """Declare a stream; its resolver asks the rule again for each event."""

    def declare(resolver: Resolver) -> StrawberryField:
        field = strawberry.subscription(
            resolver,
            description=getdoc(resolver),
            directives=[printed(rule)],
            extensions=[RootGuard(rule, find)],
        )
        return optional_arguments(field)

    return declare


def _acting(subject: Subject | None) -> Acting | None:
    if subject is None or isinstance(subject, Acting):
        return subject
    return subject.acting


def _payload(info: Info) -> type[Payload]:
    kind = info.return_type
    return cast("type[Payload]", kind.of_type if isinstance(kind, StrawberryOptional) else kind)
