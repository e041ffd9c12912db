"""Documents that were parsed and validated once, kept ready for the next request."""

from collections import OrderedDict
from dataclasses import field
from hashlib import sha256
from typing import Self

from graphql import (
    ASTValidationRule,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    MaxIntrospectionDepthRule,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    OverlappingFieldsCanBeMergedRule,
    ValidationContext,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.validation.validate import ValidationAbortedError
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from app.engine.codes import Code, Invalid, coded, refused
from app.engine.costs import Cost, Estimate
from app.engine.limits import Limits, beyond
from app.engine.plans import Plans
from app.engine.tokens import refuse_nul, refuse_oversized
from app.kit.frozen import frozen

COMPARISONS = 20_000
MOST_ERRORS = 20


class MergeableFieldsRule(OverlappingFieldsCanBeMergedRule):
    """The specification's rule about equal response names: quadratic, so it gives up early."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self.rule_context.remaining_complexity_budget = COMPARISONS


RULES: tuple[type[ASTValidationRule], ...] = (
    *(rule for rule in specified_rules if rule is not OverlappingFieldsCanBeMergedRule),
    MergeableFieldsRule,
    MaxIntrospectionDepthRule,
    MaybeNullValidationRule,
    OneOfInputValidationRule,
)


@frozen
class Prepared:
    """An operation of a valid document, with what every execution of it needs."""

    definition: OperationDefinitionNode
    fragments: dict[str, FragmentDefinitionNode]
    details: dict[str, FragmentDetails]
    plans: Plans
    cost: Cost

    @classmethod
    def of(cls, document: "Document", definition: OperationDefinitionNode) -> Self:
        """Prepare an operation, which nothing was compiled for yet."""
        found = document.node.definitions
        fragments = {
            each.name.value: each for each in found if isinstance(each, FragmentDefinitionNode)
        }
        details = {name: FragmentDetails(each) for name, each in fragments.items()}
        cost = Estimate(document.graph, fragments, document.most).of(definition)
        return cls(definition, fragments, details, Plans(definition, fragments), cost)


@frozen
class Document:
    """A document that may be executed, and its operations that were."""

    node: DocumentNode
    graph: GraphQLSchema
    most: int
    prepared: dict[str | None, Prepared] = field(default_factory=dict)

    def operation(self, name: str | None) -> Prepared:
        """Find the operation that was asked for; raises Invalid."""
        if name in self.prepared:
            return self.prepared[name]
        found = get_operation_ast(self.node, name)
        if found is None and name:
            raise Invalid(refused(Code.BAD_REQUEST, f"The document has no operation '{name}'."))
        if found is None:
            raise Invalid(refused(Code.BAD_REQUEST, "Say which operation: send operationName."))
        return self.prepared.setdefault(name, Prepared.of(self, found))


class Documents:
    """The documents of one schema; the latest used are kept, up to so many characters of them."""

    def __init__(
        self, graph: GraphQLSchema, limits: Limits, *, suggestions: bool, introspection: bool
    ) -> None:
        self.graph, self.limits, self.suggestions = graph, limits, suggestions
        self.rules = RULES if introspection else (*RULES, NoSchemaIntrospectionCustomRule)
        self.ready: OrderedDict[bytes, tuple[Document, int]] = OrderedDict()
        self.room = 500_000

    def find(self, text: str) -> Document:
        """Return a document, prepared at most once while it stays in use; raises Invalid."""
        key = sha256(text.encode()).digest()
        if known := self.ready.get(key):
            self.ready.move_to_end(key)
            return known[0]
        document = self._prepare(text)
        self._keep(key, document, len(text))
        return document

    def _prepare(self, text: str) -> Document:
        refuse_oversized(text, self.limits)
        try:
            node = parse(text)
        except GraphQLError as error:
            raise Invalid(coded(error, Code.GRAPHQL_PARSE_FAILED)) from None
        refuse_nul(text, node)
        if errors := beyond(node, self.limits) or self._faults(node):
            raise Invalid(*errors)
        return Document(node, self.graph, self.limits.page)

    def _faults(self, node: DocumentNode) -> list[GraphQLError]:
        hide = not self.suggestions
        errors = validate(self.graph, node, self.rules, MOST_ERRORS, hide_suggestions=hide)
        if len(errors) <= MOST_ERRORS and any(map(_gave_up, errors)):
            return [refused(Code.QUERY_TOO_COMPLEX, "The document repeats too many fields.")]
        return [coded(error, Code.GRAPHQL_VALIDATION_FAILED) for error in errors]

    def _keep(self, key: bytes, document: Document, length: int) -> None:
        self.ready[key] = document, length
        self.room -= length
        while self.room < 0:
            _, (_, freed) = self.ready.popitem(last=False)
            self.room += freed


def _gave_up(error: GraphQLError) -> bool:
    return isinstance(error, ValidationAbortedError)
