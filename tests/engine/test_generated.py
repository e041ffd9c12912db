"""Documents that nobody thought of, asked of both executors."""

import asyncio
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis_graphql import queries

from app.engine import plans
from tests.conftest import COMPILING
from tests.engine.pairs import Pair
from tests.engine.questions import SCHEMA
from tests.engine.writer import Writer

OFTEN = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    derandomize=True,
)
OWNERS = (
    "account(n: {i})",
    "Account",
    "owner",
    ["id", "displayName", "email", "phone", "initials"],
)
REPLIES = (
    "messages",
    "Message",
    "reply",
    ["id", "body", "later", "author{id}", "author{displayName}", "badge{label}"],
)
PAGES = (
    "ticket(n: {i})",
    "Ticket",
    "messages",
    ["total", "nodes{id}", "nodes{body later}", "edges{cursor}"],
)


@COMPILING
async def test_random_documents_with_fragments_conditions_and_errors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(plans, "SECOND_USE", 2)
    pair, faulty, calls, fallbacks = Pair(), 0, 0, 0
    for seed in range(120):
        query, variables = Writer(seed).document()
        faulty += b'"errors":[]' not in await pair.agree(query, variables)
        calls += sum(plan.calls for plan in pair.plans(query))
        fallbacks += sum(plan.fallbacks for plan in pair.plans(query))

    assert calls > 1_500
    assert fallbacks > 30
    assert 20 < faulty < 100


@OFTEN
@given(queries(str(SCHEMA).replace("DateTime", "String")))
def test_generated_documents(query: str) -> None:
    asyncio.run(Pair().agree(query))


@pytest.mark.parametrize("shape", [OWNERS, REPLIES, PAGES], ids=["owner", "reply", "messages"])
async def test_merged_fields_of_random_fragments(shape: tuple[str, str, str, list[str]]) -> None:
    pair = Pair()
    for seed in range(25):
        await pair.agree(merging(Random(seed), *shape))  # noqa: S311  # no secret


def merging(pick: Random, root: str, typ: str, field: str, leaves: list[str]) -> str:
    """Write a document that selects one field by several fragments, four times otherwise."""
    fragments = [
        f"fragment F{i} on {typ} {{ {field} {{ {' '.join(pick.sample(leaves, 2))} }} }}"
        for i in range(3)
    ]
    parts = ["...F0", "...F1", "...F2", f"{field} {{ {pick.choice(leaves)} }}"]
    uses = [
        f"a{i}: {root.format(i=i)} {{ id {' '.join(pick.sample(parts, 2))} }}" for i in range(4)
    ]
    used = [text for i, text in enumerate(fragments) if any(f"...F{i}" in use for use in uses)]
    return "{ " + " ".join(uses) + " } " + " ".join(used)
