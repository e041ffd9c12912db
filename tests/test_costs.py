"""How much an answer may hold, told before anything is read."""

import time

import pytest

from app.engine.executing import Engine, Operation
from app.engine.limits import Limits
from app.main import Application
from resolvers.schema import schema
from tests.attacks.attempts import opened
from tests.stage import Person

ENGINE = Engine(schema, Limits())
CHOOSER = """query ($first: Int, $last: Int) { accounts(first: 2) { totalCount nodes {
  members(first: $first, last: $last) { nodes { id } pageInfo { hasNextPage } } } } }"""
FRAGMENTS = """fragment F on Query { accounts(first: 2) { ...G } }
  fragment G on AccountConnection { nodes { id } }"""


def cost(query: str, **variables: object) -> int:
    """Count what an operation may come to."""
    return ENGINE.find(Operation(query)).prepared.cost.of(variables, 100)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("{ me { id user { displayName } } }", 4),
        ("{ accounts(first: 0) { pageInfo { hasNextPage } nodes { id } } }", 3),
        ("{ accounts { nodes { id } } }", 1 + 20 * 2),
        ("{ accounts(first: 3) { nodes { id } } }", 1 + 3 * 2),
        ("{ accounts(first: 3, last: 5) { edges { cursor } } }", 1 + 5 * 2),
        ("{ accounts(first: 1000000000) { nodes { id } } }", 1 + 100 * 2),
        ("{ accounts(first: -1) { nodes { id } } }", 1),
        ("{ accounts(first: 1) { nodes { id } totalCount } }", 1 + 2 + 5),
        ("{ accounts(first: 2) { nodes { members(first: 3) { nodes { id } } } } }", 17),
        ('{ nodes(ids: ["a", "b"]) { id } }', 2 * (50 + 1)),
        ('{ node(id: "a") { id ... on Account { name } } }', 50 + 2),
        ("{ departments { id } }", 10 * 2),
        (f"{{ ...F }} {FRAGMENTS}", 1 + 2 * 2),
        ("{ a: __typename __schema { types { fields { name } } } }", 2),
    ],
)  # fmt: skip
def test_lists_multiply_what_is_inside_them(query: str, expected: int) -> None:
    assert cost(query) == expected


@pytest.mark.parametrize(
    ("variables", "members"),
    [({}, 20), ({"first": 3}, 3), ({"last": 4, "first": 3}, 4), ({"first": None}, 20)],
)
def test_variables_say_how_long_a_list_is(variables: dict[str, object], members: int) -> None:
    each = 1 + 1 + members * 2 + 2  # the account, its connection, the members, and their page

    assert cost(CHOOSER, **variables) == 1 + 5 + 2 * each


async def test_a_small_document_does_not_ask_for_a_million_objects(ann: Person, acme: str) -> None:
    ticket = await opened(ann)
    inside = "id"
    for _ in range(3):
        inside = f"messages(first: 50) {{ nodes {{ ticket {{ {inside} }} }} }}"

    answer = await ann.sends(f'{{ ticket(id: "{ticket}") {{ {inside} }} }}')

    [error] = answer.json()["errors"]
    assert "data" not in answer.json()
    assert error["extensions"]["code"] == "QUERY_TOO_COMPLEX"
    assert error["message"] == (
        "The answer could hold 382,652 values; 100,000 are allowed. "
        "Ask for smaller pages (`first`), or for fewer lists inside lists."
    )


async def test_variables_do_not_get_past_the_limit(ann: Person, acme: str) -> None:
    query = """query ($n: Int) { accounts(first: $n) { nodes { members(first: $n) { nodes {
      user { id displayName initials } id status isOwner permissions expiresAt } } } } }"""

    few, many = [await ann.tries(query, n=n) for n in (10, 100)]

    assert "errors" not in few
    assert [each["extensions"]["code"] for each in many["errors"]] == ["QUERY_TOO_COMPLEX"]


async def test_a_document_looks_up_so_many_nodes_and_no_more(ann: Person, acme: str) -> None:
    fields = " ".join(f"a{number}: nodes(ids: $ids) {{ id }}" for number in range(20))

    answer = await ann.tries(f"query ($ids: [ID!]!) {{ {fields} }}", ids=[acme] * 100)

    assert [each["extensions"]["code"] for each in answer["errors"]] == ["QUERY_TOO_COMPLEX"]


async def test_what_the_limit_allows_is_answered_in_seconds(
    app: Application, ann: Person, acme: str
) -> None:
    fields = " ".join(f"a{number}: nodes(ids: $ids) {{ id }}" for number in range(19))
    begun = time.process_time()

    answer = await ann.asks(f"query ($ids: [ID!]!) {{ {fields} }}", ids=[acme] * 100)

    assert answer["a18"] == [{"id": acme}] * 100
    assert time.process_time() - begun < app.endpoint.rules.limits.seconds / 2
