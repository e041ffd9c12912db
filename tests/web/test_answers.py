"""What is told, hidden and logged when something goes wrong."""

import logging

import httpx2
import pytest
import strawberry
from graphql import GraphQLError
from strawberry.extensions import SchemaExtension

from app.engine.executing import Engine
from app.engine.limits import Limits
from tests.web.graph import Query
from tests.web.stage import asked
from tests.web.world import No, Word, World

GRAPHQL = {"accept": "application/graphql-response+json"}
FORBIDDEN = {"code": "FORBIDDEN", "path": ["there"]}


@pytest.mark.parametrize("field", ["twice", "thrice"])
async def test_a_null_where_none_may_be_is_the_clients_fault_at_execution_too(
    ann: httpx2.AsyncClient, field: str, caplog: pytest.LogCaptureFixture
) -> None:
    query = f"query ($n: Int = 1) {{ {field}(number: $n) }}"

    answer = (await asked(ann, query, variables={"n": None})).json()

    assert answer["data"] is None
    assert answer["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}
    assert caplog.records == []


async def test_a_value_of_ours_that_cannot_be_shown_is_a_fault(
    ann: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await asked(ann, "{ twice(number: 2000000000) }")

    assert answer.json()["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "4000000000" not in answer.text
    assert "4000000000" in caplog.text


async def test_an_error_of_the_graph_that_has_a_code_is_shown(
    ann: httpx2.AsyncClient, world: World
) -> None:
    world.refusal = GraphQLError("Not now.", extensions={"code": "TIMED_OUT"})

    answer = await asked(ann, "{ me { friend { name } } }")

    assert answer.status_code == 503
    assert answer.json()["errors"][0]["message"] == "Not now."
    world.refusal = None
    assert (await asked(ann, "{ me { friend { name } } thrice(number: 2) }")).json() == {
        "data": {"me": {"friend": {"name": "Ann"}}, "thrice": 6}
    }


async def test_an_expected_no_is_told_with_its_code_and_not_logged(
    ann: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await asked(ann, "{ refused hello }")

    assert answer.json() == {
        "errors": [
            {
                "message": "You may not.",
                "locations": [{"line": 1, "column": 3}],
                "path": ["refused"],
                "extensions": FORBIDDEN,
            }
        ],
        "data": {"refused": None, "hello": "Hello, you!"},
    }
    assert caplog.records == []


async def test_a_fault_is_hidden_behind_the_id_under_which_it_is_logged(
    ann: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await asked(ann, "{ crash }")

    told = answer.headers["x-request-id"]
    assert answer.status_code == 200
    [error] = answer.json()["errors"]
    assert error["extensions"] == {"code": "INTERNAL", "requestId": told}
    assert "secret" not in answer.text
    [record] = caplog.records
    assert (record.name, record.levelno) == ("keyfob.faults", logging.ERROR)
    assert told in record.getMessage()
    assert record.exc_info
    assert record.exc_info[0] is ZeroDivisionError


async def test_a_refusal_before_execution_leaves_no_data(
    ann: httpx2.AsyncClient, world: World
) -> None:
    world.refusal = No()

    answer = await asked(ann, "{ hello }", GRAPHQL)

    assert answer.status_code == 400
    assert answer.json() == {"errors": [{"message": "You may not.", "extensions": FORBIDDEN}]}


async def test_who_cannot_work_says_when_to_come_back(
    ann: httpx2.AsyncClient, world: World
) -> None:
    world.refusal = No(Word.UNAVAILABLE)

    answer = await asked(ann, "{ hello }")

    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_a_crash_before_execution_is_a_masked_500(
    ann: httpx2.AsyncClient, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.refusal = ZeroDivisionError("the secret is 42")

    answer = await asked(ann, "{ hello }")

    assert answer.status_code == 500
    told = answer.headers["x-request-id"]
    assert answer.json()["errors"][0]["extensions"] == {"code": "INTERNAL", "requestId": told}
    assert len(caplog.records) == 1


def test_a_schema_with_extensions_is_refused() -> None:
    with pytest.raises(TypeError, match="do not run here"):
        Engine(strawberry.Schema(Query, extensions=[SchemaExtension]), Limits())
