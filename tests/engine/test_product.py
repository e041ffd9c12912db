"""The graph of the product: its hot pages are compiled, and whatever it is asked, both executors answer alike."""

from collections.abc import Sequence

import pytest
from graphql import print_schema
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import just
from hypothesis_graphql import nodes, queries
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext as Core

from app.engine.executing import Engine, Operation
from app.engine.plans import Plan
from app.main import Application
from resolvers.schema import schema
from tests.benchmarks.questions import DOCUMENTS
from tests.conftest import COMPILING
from tests.stage import Person
from tests.test_statements import enter, people, ticket_in

GRAPH = schema._schema  # noqa: SLF001  # it has no public name
SCALARS = ("DateTime", "EmailAddress", "HTML", "IPAddress", "JSON")
MOMENTS = just("2026-11-25T09:30:00Z").map(nodes.String)
DRAWN = 60


@pytest.fixture
async def ticket(acme: str) -> str:
    """A ticket of Acme's in which eight people have written fifty messages."""
    authors = await people(8)
    await enter(acme, authors)
    return await ticket_in(acme, authors, 50)


def plans(app: Application, document: str) -> list[Plan]:
    """Name what was compiled for an operation."""
    known = app.endpoint.desk.engine.find(Operation(document)).prepared.plans.known
    return [plan for plan in known.values() if plan is not None]


@COMPILING
async def test_a_ticket_page_is_compiled_whole(app: Application, ann: Person, ticket: str) -> None:
    for _ in range(4):
        await ann.asks(DOCUMENTS["page"], id=ticket)

    head, page = plans(app, DOCUMENTS["page"])

    assert (list(head.rest), head.calls, head.fallbacks) == (["messages"], 4, 0)
    assert (page.rest, page.calls, page.fallbacks) == ({}, 4, 0)


@COMPILING
async def test_the_account_chooser_is_compiled_whole(
    app: Application, ann: Person, acme: str
) -> None:
    for _ in range(4):
        await ann.asks(DOCUMENTS["chooser"])

    [whole] = plans(app, DOCUMENTS["chooser"])

    assert (whole.rest, whole.calls, whole.fallbacks) == ({}, 4, 0)


@COMPILING
async def test_guards_that_refuse_are_graphql_cores(
    app: Application, bob: Person, acme: str
) -> None:
    query = "query ($id: ID!) { account(id: $id) { name owner { displayName } members { nodes { id } } } }"
    answers = [await bob.tries(query, id=acme) for _ in range(3)]
    graphql_core(app.endpoint.desk.engine)

    assert [await bob.tries(query, id=acme)] * 3 == answers
    [error] = answers[0]["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["account", "members"], "FORBIDDEN")


async def test_whatever_is_asked_both_executors_answer_alike(
    app: Application, ann: Person, ticket: str
) -> None:
    engine, documents = app.endpoint.desk.engine, drawn()
    compiled = [
        [(await ann.sends(document)).content for _ in range(3)][-1] for document in documents
    ]
    graphql_core(engine)

    for document, answer in zip(documents, compiled, strict=True):
        assert (await ann.sends(document)).content == answer
    assert sum(b'"data"' in answer for answer in compiled) > DRAWN / 2


def graphql_core(engine: Engine) -> None:
    """Let an engine compile no more."""
    engine.executor = Core


def drawn() -> Sequence[str]:
    """Draw documents over the graph."""
    documents: list[str] = []

    @settings(
        max_examples=DRAWN,
        phases=[Phase.generate],
        database=None,
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(queries(print_schema(GRAPH), custom_scalars=dict.fromkeys(SCALARS, MOMENTS)))
    def draw(document: str) -> None:
        documents.append(document)

    draw()
    return documents
