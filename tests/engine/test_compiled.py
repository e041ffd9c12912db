"""The compiled executor answers what graphql-core answers, byte for byte, data and errors."""

import asyncio
import gc
import sys
import weakref
from collections.abc import MutableMapping
from dataclasses import replace

import pytest
import strawberry
from graphql import GraphQLResolveInfoHelpers
from graphql.execution.executor import CollectedErrors
from strawberry.schema.config import StrawberryConfig

from app.engine import plans
from app.engine.executing import Engine, Operation
from app.engine.plans import Plans
from tests.engine.pairs import LIMITS, TIMES, Pair
from tests.engine.questions import Query

PARTS = """fragment M on Message { id body createdAt
  author { __typename id displayName ... on User { initials } ... on Operator { role motto } } }"""
ASKED = {
    "page": PARTS
    + """{ ticket { id subject account { name } opener { displayName } messages(first: 5) { total
      nodes { ...M badge { relationship label verified current } } edges { cursor node { id } } } } }""",
    "union": """{ anything { __typename ... on Node { id } ... on User { displayName }
      ... on Operator { role shout(times: 2) } ... on Account { name owner { initials } } } }""",
    "union of a stranger": "{ anything(bad: true) { __typename } }",
    "an object of another class": "{ impostors { id displayName } }",
    "interface": """{ nodes { __typename id ... on Message { body badge { label } }
      ... on Actor { displayName } } }""",
    "merged fragments differ": """fragment F on Account { owner { displayName } }
      { x: account { ...F owner { i1: initials } } y: account { ...F owner { i2: initials } } }""",
    "merged in lists": """fragment F on Message { author { displayName } }
      { a: messages { ...F author { id } } b: messages { ...F author { __typename } } }""",
    "merged where it is fetched": """fragment F on Ticket { messages { total } }
      { x: ticket { ...F messages { nodes { a: id } } } y: ticket { ...F messages { nodes { b: body } } } }""",
    "merged below what is fetched": """fragment F on Message { reply { id } }
      { x: messages { ...F reply { a: body } } y: messages { ...F reply { b: author { id } } } }""",
    "guards": "{ account { name owner { id email phone } members { id email } } messages { id body note } }",
    "guards deny everything": "{ a2: account(n: 2) { name members { id } } messages(odd: true) { id body } }",
    "an extension that is no guard": "{ anything { ... on Operator { id motto } } }",
    "errors in lists": "{ maybeMessages(odd: true) { id risky score weight body } }",
    "errors in lists that may not be null": "{ messages(odd: true) { id risky weight } }",
    "null propagates": "{ account(n: 5) { id name } ticket(n: 5) { subject account { name } } }",
    "null propagates far": "{ tickets { account { parent { parent { name } } } } }",
    "fetched inside": "{ messages { id later risky reply { id later reply { id body } } } }",
    "fetching fails": "{ maybeMessages(odd: true) { id later } }",
    "lists of leaves": "{ messages { tags score weight } }",
    "lists of words": "{ messages { moods voices } maybeMessages(odd: true) { voices moods } }",
    "introspection": '{ __schema { types { name } } __type(name: "User") { fields { name } } account { __typename } }',
    "aliases of the same": "{ account { a: name b: name owner { x: id y: id } } }",
}
CONDITIONS = """query ($a: Boolean!, $b: Boolean!, $n: Int = 2) {
  account { id @skip(if: $a) name @include(if: $b) ...F @include(if: $a) ... on Account @skip(if: $b) { z: id } }
  operators: anything { ... on Operator { shout(times: $n, mark: "?") role @skip(if: $b) } }
} fragment F on Account { owner { id @include(if: $b) displayName } }"""


@pytest.fixture(params=[1, 2], ids=["compiled at once", "compiled at second use"])
def pair(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Pair:
    monkeypatch.setattr(plans, "SECOND_USE", request.param)
    return Pair()


@pytest.mark.parametrize("name", ASKED)
async def test_an_answer_is_graphql_cores(pair: Pair, name: str) -> None:
    await pair.agree(ASKED[name])


@pytest.mark.parametrize("a", [True, False])
@pytest.mark.parametrize("b", [True, False])
async def test_conditions_hold_for_the_variables_of_the_time(
    pair: Pair, *, a: bool, b: bool
) -> None:
    for first, second in ((a, b), (b, a), (a, b)):
        await pair.agree(CONDITIONS, {"a": first, "b": second})


async def test_what_a_request_had_is_freed_without_a_search(pair: Pair) -> None:
    class Had(list[str]):
        """Something that can be watched."""

    gone = []
    gc.disable()
    try:
        for query in ("{ account { name } }", "{ ticket { messages { total } } account { id } }"):
            for _ in range(TIMES):
                had = Had()
                gone.append(weakref.ref(had))
                await pair.fast.execute(pair.fast.find(Operation(query)), had)
                del had
        assert [each() for each in gone] == [None] * len(gone)
    finally:
        gc.enable()


async def test_requests_share_nothing_that_an_execution_writes_into(pair: Pair) -> None:
    asked = Operation("{ account { name } messages { risky } }", extensions={})
    one, other = (
        vars(pair.fast.executor_for(pair.fast.find(each), None))
        for each in (asked, replace(asked, extensions={}))
    )

    shared = {name for name in one if one[name] is other[name] and is_written_into(one[name])}
    assert shared == {
        *("fragment_definitions", "fragments", "plans"),  # of the operation
        *("groups", "tasks", "streams", "pending_incremental_futures"),  # of @defer and @stream
        *("_stream_usages", "_initial_execution_plans", "_deferred_execution_plans"),
    }


def is_written_into(value: object) -> bool:
    kinds = (dict, list, set, MutableMapping, CollectedErrors, GraphQLResolveInfoHelpers, Plans)
    return isinstance(value, kinds)


async def test_answers_in_parts_are_not_for_this_engine() -> None:
    streaming = StrawberryConfig(enable_experimental_incremental_execution=True)
    graph = strawberry.Schema(Query, config=streaming)

    with pytest.raises(TypeError, match="in parts"):
        Engine(graph, LIMITS)


async def test_guards_are_asked_about_each_request(pair: Pair) -> None:
    query = "{ messages { id body } }"

    for denied in (("nothing",), ("member",), ("nothing",)):
        await pair.agree(query, context=denied)


async def test_an_author_is_shown_as_each_place_asks_for(pair: Pair) -> None:
    answer = await pair.agree(
        "{ messages { author { id ... on User { initials } } again: author { __typename displayName }"
        " ... @include(if: true) { author { displayName } } } }"
    )

    assert answer.count(b'"again":{"__typename":"User","displayName":"U1 ') == 2


async def test_chained_fragments_take_no_time(pair: Pair) -> None:
    chain = " ".join(
        f"fragment F{i} on Account {{ id ...F{i + 1} ...F{i + 1} }}" for i in range(22)
    )
    query = f"{{ account {{ ...F0 }} }} {chain} fragment F22 on Account {{ name }}"

    await asyncio.wait_for(pair.agree(query), 5)


async def test_nested_chained_fragments_are_not_expanded(pair: Pair) -> None:
    chain = " ".join(
        f"fragment F{i} on Account {{ a: parent {{ ...F{i + 1} }} b: parent {{ ...F{i + 1} }} }}"
        for i in range(22)
    )
    query = f"{{ account {{ ...F0 }} }} {chain} fragment F22 on Account {{ name }}"

    await asyncio.wait_for(pair.agree(query), 5)


@pytest.mark.parametrize("depth", [20, 30, 60, 90])
async def test_an_answer_may_be_deeper_than_what_is_compiled(pair: Pair, depth: int) -> None:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    try:
        await pair.agree("{ chain { id" + " parent { id" * depth + " }" * depth + " } }")
    finally:
        sys.setrecursionlimit(limit)
