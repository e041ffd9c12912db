"""How large a document may be, and what it costs to say no."""

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, TypeAlias

import pytest
from graphql import parse

from app.engine.codes import Invalid
from app.engine.executing import Engine, Operation
from app.engine.limits import Limits, beyond
from tests.engine.hostile import CODES, HOSTILE, chain, nested
from tests.web.graph import SCHEMA
from tests.web.stage import client, endpoint
from tests.web.world import World

MOST_LINES = 3_000_000  # some 50 ms
TraceFunction: TypeAlias = Callable[[FrameType, str, object], Any]
LIMITS = Limits()
EVERYTHING = Limits(*(10**9,) * 8)


@pytest.fixture
def engine() -> Engine:
    return Engine(SCHEMA, LIMITS)


def lines(act: Callable[[], object]) -> int:
    """Count the lines of Python that an act runs: what it costs, on a machine however busy."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> TraceFunction:
        nonlocal counted
        counted += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        act()
    finally:
        sys.settrace(before)
    return counted


def refusal(engine: Engine, query: str) -> Invalid:
    with pytest.raises(Invalid) as no:
        engine.find(Operation(query))
    return no.value


@pytest.mark.parametrize(("query", "code"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_document_is_refused_in_no_time(engine: Engine, query: str, code: str) -> None:
    engine.find(Operation("{ hello }"))

    taken = lines(lambda: refusal(engine, query))

    extensions = refusal(engine, query).errors[0].extensions or {}
    assert extensions["code"] == CODES[code]
    assert taken < MOST_LINES


@pytest.mark.parametrize("write", [chain, lambda n: chain(n, "...F{} ...F{}")])
def test_the_rule_costs_as_much_as_the_document_is_long(write: Callable[[int], str]) -> None:
    short, long = (parse(write(length), no_location=True) for length in (1_000, 5_000))

    assert beyond(long, EVERYTHING) == []
    assert lines(lambda: beyond(long, EVERYTHING)) < 6 * lines(lambda: beyond(short, EVERYTHING))


@pytest.mark.parametrize(
    "query",
    [
        nested(LIMITS.depth - 2),
        "{" + "".join(f"a{i}: me {{ b{i}: name }} " for i in range(20)) + "}",
        "{" + "me { ...F } " + "} fragment F on Person {" + "name " * 20 + "}",
        chain(LIMITS.depth * 3),
        "{ __schema { types { fields { args { type {" + "ofType {" * 9 + "name" + "}" * 15,
    ],
)
def test_what_is_within_the_limits_is_found(engine: Engine, query: str) -> None:
    assert engine.find(Operation(query)).kind


@pytest.mark.parametrize(
    ("query", "code", "message"),
    [
        (
            nested(LIMITS.depth - 1),
            "QUERY_TOO_DEEP",
            "The operation is nested too deeply; 15 levels are allowed.",
        ),
        (
            "{" + "".join(f"a{i}: me {{ b{i}: name c{i}: name }} " for i in range(20)) + "}",
            "QUERY_TOO_COMPLEX",
            "The operation has too many aliases, fragments included; 50 are allowed.",
        ),
        (
            "{" + "hello " * 21 + "}",
            "QUERY_TOO_COMPLEX",
            "The operation has too many fields at the top, fragments included; 20 are allowed.",
        ),
        (
            "{ me {" + "...F " * 21 + "} } fragment F on Person {" + "name " * 100 + "}",
            "QUERY_TOO_COMPLEX",
            "The operation has too many fields, fragments included; 2000 are allowed.",
        ),
    ],
)
def test_what_is_beyond_a_limit_says_which(
    engine: Engine, query: str, code: str, message: str
) -> None:
    [error] = refusal(engine, query).errors

    assert (error.message, error.extensions) == (message, {"code": code})


def test_a_document_is_prepared_once(engine: Engine) -> None:
    assert (
        engine.find(Operation("{ hello }")).prepared is engine.find(Operation("{ hello }")).prepared
    )


def test_an_invalid_document_is_not_kept(engine: Engine) -> None:
    refusal(engine, "{ nothing }")

    assert not engine.documents.ready


def test_the_documents_that_were_used_last_are_kept(engine: Engine) -> None:
    first, large = "{ hello }", "{ hello }" + " " * 200_000
    kept = engine.documents.find(first)
    for number in range(4):
        engine.documents.find(f"{large}#{number}")
        assert engine.documents.find(first) is kept

    assert len(engine.documents.ready) == 3
    assert engine.documents.room >= 0


def test_suggestions_are_told_only_where_they_are_wanted(engine: Engine) -> None:
    helpful = Engine(SCHEMA, LIMITS, suggestions=True)

    assert refusal(engine, "{ helo }").errors[0].message == (
        "Cannot query field 'helo' on type 'Query'."
    )
    assert refusal(helpful, "{ helo }").errors[0].message == (
        "Cannot query field 'helo' on type 'Query'. Did you mean 'hello'?"
    )


def test_introspection_can_be_turned_off(engine: Engine) -> None:
    private = Engine(SCHEMA, LIMITS, introspection=False)

    assert engine.find(Operation("{ __schema { types { name } } }"))
    assert refusal(private, "{ __schema { types { name } } }")
    assert private.find(Operation("{ __typename }"))


async def test_limits_hold_over_http(tmp_path: Path) -> None:
    async with client(endpoint(World(), tmp_path)) as ann:
        answer = await ann.post("/graphql", json={"query": nested(1_000)})

    assert answer.json()["errors"][0]["extensions"] == {"code": "QUERY_TOO_DEEP"}
