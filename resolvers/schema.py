"""The whole graph, put together from one file a capability; a field without a rule stops the application."""

from collections.abc import Iterator
from functools import lru_cache

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.name_converter import NameConverter
from strawberry.tools import merge_types
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.field import StrawberryField

from app.domain.access import Rule
from resolvers import errors
from resolvers.access import ObjectGuard, RootGuard
from resolvers.account_mutations import AccountMutations
from resolvers.account_queries import AccountQueries
from resolvers.audit_events import AuditEvent
from resolvers.declare import rule_of
from resolvers.departments import DepartmentQueries
from resolvers.identity_mutations import IdentityMutations
from resolvers.invite_answers import InviteAnswers, InviteQueries
from resolvers.invite_mutations import InviteMutations
from resolvers.live import Subscription
from resolvers.member_mutations import MemberMutations
from resolvers.nodes import NodeQueries
from resolvers.passkey_mutations import PasskeyMutations
from resolvers.people import Guest, Operator, System, User
from resolvers.permissions import PermissionQueries
from resolvers.profiles import ProfileMutations
from resolvers.recovery_mutations import RecoveryMutations, RecoveryQueries
from resolvers.roots import RootQueries
from resolvers.scalars import SCALARS
from resolvers.sessions import Session
from resolvers.signing_in import SigningInMutations
from resolvers.ticket_mutations import TicketMutations
from resolvers.ticket_queries import TicketQueries
from resolvers.tickets import TicketMessage
from resolvers.two_factor_mutations import TwoFactorMutations

QUERIES: tuple[type, ...] = (
    RootQueries,
    RecoveryQueries,
    AccountQueries,
    TicketQueries,
    InviteQueries,
    PermissionQueries,
    DepartmentQueries,
    NodeQueries,
)
MUTATIONS: tuple[type, ...] = (
    SigningInMutations,
    ProfileMutations,
    IdentityMutations,
    PasskeyMutations,
    TwoFactorMutations,
    RecoveryMutations,
    AccountMutations,
    InviteMutations,
    InviteAnswers,
    MemberMutations,
    TicketMutations,
)
UNREFERENCED = (User, Operator, Guest, System, Session, TicketMessage, AuditEvent, *errors.ERRORS)
ROOTS = {"Query", "Mutation", "Subscription"}


class Undeclared(TypeError):
    """A type or a field does not say who may use it."""


class Names(NameConverter):
    """The graph's names for Python's, found once each: every argument is looked for by its name in every request."""

    apply_naming_config = staticmethod(lru_cache(maxsize=None)(NameConverter().apply_naming_config))


def build(
    queries: tuple[type, ...], mutations: tuple[type, ...], subscription: type | None = None
) -> strawberry.Schema:
    """Put a graph together; refuse if anything in it was left open."""
    schema = strawberry.Schema(
        query=merge_types("Query", queries),
        mutation=merge_types("Mutation", mutations),
        subscription=subscription,
        types=UNREFERENCED,
        config=StrawberryConfig(scalar_map=SCALARS, name_converter=Names()),
    )
    if undeclared := [where for where, rule in rules(schema) if rule is None]:
        raise Undeclared(*undeclared)
    return schema


def rules(schema: strawberry.Schema) -> Iterator[tuple[str, Rule | str | None]]:
    """Yield every type and every field that runs code with its rule; None for what was left open."""
    for known in schema.schema_converter.type_map.values():
        definition = known.definition
        if not isinstance(definition, StrawberryObjectDefinition) or definition.is_input:
            continue
        if definition.is_interface:
            continue
        if definition.name not in ROOTS:
            yield definition.name, _rule_of(definition)
        for field in definition.fields:
            if field.base_resolver is not None or field.extensions:
                yield f"{definition.name}.{field.name}", _rule_of_field(definition, field)


def _rule_of(definition: StrawberryObjectDefinition) -> Rule | str | None:
    try:
        return (
            rule_of(definition.concrete_of.origin if definition.concrete_of else definition.origin)
            or "value"
        )
    except LookupError:
        return None


def _rule_of_field(
    definition: StrawberryObjectDefinition, field: StrawberryField
) -> Rule | str | None:
    for extension in field.extensions:
        if isinstance(extension, ObjectGuard | RootGuard):
            return extension.rule
    if definition.name in ROOTS:
        return None
    return "as its type" if _rule_of(definition) else None


schema = build(QUERIES, MUTATIONS, Subscription)
