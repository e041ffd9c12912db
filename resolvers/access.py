"""Who may use a field: declared once, enforced here, and printed into the schema."""

from collections.abc import Awaitable, Callable
from inspect import getdoc, isawaitable
from typing import Any, Protocol, TypeAlias

import strawberry
from strawberry.extensions.field_extension import (
    AsyncExtensionResolver,
    FieldExtension,
    SyncExtensionResolver,
)
from strawberry.schema_directive import Location
from strawberry.types.field import StrawberryField

from app.domain import session_steps
from app.domain.access import AccessLevel, Rule
from app.domain.acting import Acting
from app.domain.desks import Errand
from app.domain.refusals import SignInRequired
from app.domain.ticket_access import Desk
from models import OperatorRole, Permission
from resolvers.context import Info

Subject: TypeAlias = Acting | Desk | Errand
Peek: TypeAlias = Callable[[Any], object]
Find: TypeAlias = Callable[..., Awaitable[Subject]]
DESCRIPTION = """\
Who may use a field, or find an object of a type. Declared once, and enforced from the same declaration.
A type's rule is applied where the object is found (root fields, node, nodes, the object a mutation names), not at
every reference: a person who may read a ticket may read its authors. `permission` is needed in the account that owns
the object, and its owner holds every one. Staff of the rank in `staff` pass too, without being members. With `own`,
whoever the object is about passes too: the member, the invited address, the opener of a ticket without account.
`stepUp` asks for recent proof of identity: see verifyIdentity."""

strawberry.enum(Permission, description=getdoc(Permission))
strawberry.enum(OperatorRole, description=getdoc(OperatorRole))
strawberry.enum(AccessLevel, description=getdoc(AccessLevel))


@strawberry.schema_directive(
    name="access",
    locations=[Location.FIELD_DEFINITION, Location.OBJECT],
    description=DESCRIPTION,
)
class Access:
    """A rule, as the schema shows it."""

    level: AccessLevel
    permission: Permission | None = strawberry.UNSET
    staff: OperatorRole | None = strawberry.UNSET
    own: bool | None = strawberry.UNSET
    step_up: bool | None = strawberry.UNSET


def printed(rule: Rule) -> Access:
    """Write a rule as the directive that shows it."""
    return Access(
        level=rule.level,
        permission=rule.permission or strawberry.UNSET,
        staff=rule.staff or strawberry.UNSET,
        own=rule.own or strawberry.UNSET,
        step_up=rule.step_up or strawberry.UNSET,
    )


class Gated(Protocol):
    """An object that carries the standing of whoever looks at it."""

    def admit(self, rule: Rule) -> None:
        """Refuse unless the rule is met by who looks at the object."""


class ObjectGuard(FieldExtension):
    """Asks an object's own standing before one of its fields is read: no I/O, right for every account."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.asks = "admit", rule
        """The method that refuses, or says nothing, and what it is given: compiled code asks it, not `resolve`."""

    def resolve(
        self, next_: SyncExtensionResolver, source: Gated, info: Info, **arguments: object
    ) -> object:
        """Admit, then read."""
        source.admit(self.rule)
        return next_(source, info, **arguments)

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: Gated, info: Info, **arguments: object
    ) -> object:
        """Admit, then fetch."""
        source.admit(self.rule)
        return await next_(source, info, **arguments)


class Foreknown(FieldExtension):
    """Answers a fetched field at once where its object was read together with the answer."""

    def __init__(self, peek: Peek) -> None:
        self.peek = peek

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: object, info: Info, **arguments: object
    ) -> object:
        """Say what is known, or fetch."""
        try:
            return self.peek(source)
        except LookupError:
            return await next_(source, info, **arguments)


def foreknown(peek: Peek) -> Callable[[StrawberryField], StrawberryField]:
    """Let a fetched field be answered by its object; `peek` raises LookupError where it does not know."""

    def declare(field: StrawberryField) -> StrawberryField:
        field.extensions.insert(0, Foreknown(peek))  # the guards after it are asked before
        return field

    return declare


class RootGuard(FieldExtension):
    """Finds what a root field is about, asks the rule, and hands on what it found."""

    def __init__(self, rule: Rule, find: Find | None = None) -> None:
        if rule.is_about_an_account is not (find is not None):
            raise TypeError(rule)
        self.rule, self.find = rule, find

    def apply(self, field: StrawberryField) -> None:
        """Keep what the guard hands on out of the schema."""
        field.arguments = [
            argument
            for argument in field.arguments
            if argument.python_name not in {"acting", "desk", "errand"}
        ]

    async def resolve_async(
        self, next_: AsyncExtensionResolver, source: object, info: Info, **arguments: object
    ) -> object:
        """Find, admit, then resolve; who has begun to sign in is told how to finish."""
        context = info.context
        try:
            handed = await self.admit(info, arguments)
            answer = next_(source, info, **arguments, **handed)
            return await answer if isawaitable(answer) else answer  # a stream is none
        except SignInRequired:
            session_steps.refuse(None if context.found else context.pending)

    async def admit(self, info: Info, arguments: dict[str, object]) -> dict[str, Subject]:
        """Refuse unless the rule is met; the answer names what was found: `acting`, `desk`, or `errand`.

        Of an errand the rule is asked later, under the lock.
        """
        context = info.context
        context.let_in(self.rule)
        if self.find is None:
            self.rule.admit(context.found)
            return {}
        _ = context.viewer
        context.subject = subject = await self.find(info, **arguments)
        if isinstance(subject, Errand):
            if subject.rule is not self.rule:
                raise TypeError(subject.rule)
            return {"errand": subject}
        if isinstance(subject, Desk):
            subject.admit(self.rule)
            return {"desk": subject}
        self.rule.admit(subject.viewer, subject)
        return {"acting": subject}
