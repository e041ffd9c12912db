"""Everybody asks everything: nobody is told, and nobody changes, what is not theirs."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Final

import pytest
from graphql import (
    GraphQLObjectType,
    GraphQLSchema,
    build_client_schema,
    get_introspection_query,
    get_named_type,
    is_leaf_type,
)

from app.main import Application
from models import Membership, Session
from resolvers.schema import schema
from tests.stage import Person
from tests.walk import arguments, kept, world
from tests.walk.arguments import Filling, Known
from tests.walk.kept import Owner, Rows
from tests.walk.questions import Question, Questions
from tests.walk.visits import Visit, understood, visiting
from tests.walk.world import WORDS, World

MAY_WRITE: Final = {"talker"}  # who holds TICKETS
UNSEEN: Final = {"qoffice"}  # where mail of the account goes: no field tells


@pytest.fixture
async def acme(app: Application) -> World:
    """Acme and its visitors."""
    return await world.make(app)


@pytest.fixture
async def graph(nobody: Person) -> GraphQLSchema:
    """The schema, as anybody can read it."""
    told = await nobody.asks(get_introspection_query(input_value_deprecation=True))
    return build_client_schema(told)  # type: ignore[arg-type]


def questions(graph: GraphQLSchema, acme: World, *, everything: bool) -> Questions:
    """Write questions about what there is of Acme."""
    words = arguments.words_of(acme.owner.email, acme.number, "x" * 43)
    return Questions(graph, Filling(Known(acme.ids, words), everything=everything))


def told(text: str, acme: World) -> set[str]:
    """Find what stands nowhere but in somebody's rows."""
    return {each for each in acme.foreign if each in text}


async def test_no_answer_holds_what_is_not_the_visitors(acme: World, graph: GraphQLSchema) -> None:
    for everything in (False, True):
        asked = questions(graph, acme, everything=everything)
        headers = {"x-account-id": acme.acme} if everything else {}
        async with AsyncExitStack() as stack:
            visits = {
                name: await stack.enter_async_context(visiting(visitor.person, **headers))
                for name, visitor in acme.visitors.items()
            }
            async for name, question, text in _answers(visits, asked):
                leaked = told(text, acme) - acme.visitors[name].may
                assert not leaked, f"{name}: {question.document}"


async def _answers(
    visits: dict[str, Visit], asked: Questions
) -> AsyncIterator[tuple[str, Question, str]]:
    """Have everybody ask the same question, before the next one is asked: a document is read once."""
    for each in asked.queries():
        for question in await understood(visits["nobody"], [each]):
            for name, visit in visits.items():
                async for text in visit.asks(question):
                    yield name, question, text


async def test_the_walk_comes_to_every_word_and_no_secret(
    acme: World, graph: GraphQLSchema
) -> None:
    asked, seen = questions(graph, acme, everything=False), set[str]()
    async with visiting(acme.owner) as owner, visiting(acme.admin) as admin:
        for each in asked.queries():
            for question in await understood(owner, [each]):
                for visit in (owner, admin):
                    async for text in visit.asks(question):
                        seen |= told(text, acme)
            if seen >= set(WORDS) - UNSEEN:
                break

    assert seen & set(WORDS) == set(WORDS) - UNSEEN
    assert seen & acme.secrets == set()


def test_the_walk_asks_every_field() -> None:
    graph = schema._schema  # noqa: SLF001  # it has no public name
    asked = Questions(graph, Filling(Known({"Account": ["acc_1"]}, {}), everything=True))
    for walk in (asked.queries(), asked.mutations(), asked.subscriptions()):
        assert list(walk)

    leaves = {
        (kind.name, name)
        for kind in graph.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for name, item in kind.fields.items()
        if is_leaf_type(get_named_type(item.type))
    }
    assert asked.asked == leaves


async def test_no_mutation_changes_what_is_not_the_visitors(
    acme: World, graph: GraphQLSchema
) -> None:
    for name in acme.visitors.keys() - MAY_WRITE:
        visitor = acme.visitors[name]
        before, foreign = await kept.everything(), acme.foreign - visitor.may
        for everything in (False, True):
            asked = questions(graph, acme, everything=everything)
            headers = {"x-account-id": acme.acme} if everything else {}
            async with visiting(visitor.person, **headers) as visit:
                async for mutation, typed, text in _attempts(visit, asked, visitor.owner):
                    leaked = told(text, acme) - visitor.may - typed
                    assert not leaked, f"{name}: {mutation.document}"
        assert kept.changes(before, await kept.everything(), visitor.owner, foreign) == [], name


async def _attempts(
    visit: Visit, asked: Questions, who: Owner
) -> AsyncIterator[tuple[Question, set[str], str]]:
    """Try every mutation in every way; afterwards the visitor is who they were."""
    before = await kept.everything()
    for mutation in asked.mutations():
        async for way, text in visit.tries(mutation):
            yield mutation, {word for word in WORDS if word in str(way)}, text
        await restore(before, who)


async def test_no_stream_is_opened_by_who_may_not_hear_it(
    acme: World, graph: GraphQLSchema
) -> None:
    for name in acme.visitors.keys() - MAY_WRITE:
        async with visiting(acme.visitors[name].person) as visit:
            for question in questions(graph, acme, everything=False).subscriptions():
                async for text in visit.opens(question):
                    assert '"code":"' in text
                    assert told(text, acme) == set()


async def restore(before: Rows, who: Owner) -> None:
    """Give somebody back what they were before they tried: their session and their place."""
    for model, table in ((Session, "sessions"), (Membership, "memberships")):
        for (name, id), row in before.items():
            if name == table and who.owns(row):
                values = {column: value for column, value in row.items() if column != "id"}
                await model.filter(id=id).update(**values)
