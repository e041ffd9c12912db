"""What is compiled, when, and when no more."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.engine import plans
from app.engine.plans import MOST_FALLBACKS
from tests.conftest import COMPILING
from tests.engine.graph import Message
from tests.engine.pairs import Pair

pytestmark = COMPILING
ODD = "{ maybeMessages(odd: true) { id risky } }"


@pytest.fixture
def pair(monkeypatch: pytest.MonkeyPatch) -> Pair:
    monkeypatch.setattr(plans, "SECOND_USE", 2)
    return Pair()


async def test_nothing_is_compiled_at_first_sight(pair: Pair) -> None:
    query = "{ account { id name owner { initials } } }"
    await pair.ask(query)
    assert pair.plans(query) == []

    await pair.ask(query)

    [whole] = pair.plans(query)
    assert (whole.calls, whole.fallbacks, whole.rest) == (1, 0, {})


async def test_a_page_is_compiled_but_for_what_is_fetched(pair: Pair) -> None:
    query = "{ ticket { id account { name } messages { nodes { id author { displayName } } } } }"
    for _ in range(3):
        await pair.ask(query)

    part, page = pair.plans(query)

    assert list(part.rest) == ["messages"]
    assert (part.calls, part.fallbacks) == (2, 0)
    assert (page.calls, page.fallbacks, page.rest) == (2, 0, {})


async def test_a_plan_that_keeps_failing_is_given_up(pair: Pair) -> None:
    for _ in range(MOST_FALLBACKS + 21):
        await pair.ask(ODD)

    whole, each, part = pair.plans(ODD)

    assert (whole.run, whole.calls, whole.fallbacks) == (None, MOST_FALLBACKS, MOST_FALLBACKS)
    assert (each.run, each.calls, each.fallbacks) == (None, 7 * 19 + 5, MOST_FALLBACKS)
    assert part.run is not None
    assert (part.calls, part.fallbacks) == (2, 0)
    await pair.agree(ODD)


async def test_a_field_is_read_twice_at_most(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    query = "{ messages { badge { label } author { id } risky } }"
    with counting(monkeypatch) as asked:
        for _ in range(MOST_FALLBACKS + 3):
            asked.clear()
            await pair.ask(query)
            assert 8 <= len(asked) <= 2 * 8


async def test_two_graphs_do_not_share_plans() -> None:
    one, other = Pair(), Pair()
    query = "{ account { id } }"
    await one.agree(query)

    assert len(list(one.plans(query))) == 1
    assert other.plans(query) == []


async def test_an_operation_has_so_many_plans_at_most(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plans, "MOST_PLANS", 1)
    query = "{ a: account { id } b: account { name } }"

    await pair.agree(query)

    assert len(list(pair.plans(query))) == 1


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Note every time that a message is asked whether it is broken, which all of them are."""
    asked: list[int] = []

    def broken(_message: Message) -> bool:
        asked.append(1)
        return True

    monkeypatch.setattr(Message, "broken", property(broken, lambda *_: None))
    yield asked
