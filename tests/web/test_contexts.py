"""What passes between a request and the context of its operation."""

import httpx2
import pytest

from tests.web.stage import asked
from tests.web.world import World

GRAPHQL = {"accept": "application/graphql-response+json"}
URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, "
    "text/event-stream, multipart/mixed"
)
FORBIDDEN = {"code": "FORBIDDEN", "path": ["there"]}


async def test_the_account_is_named_by_operation_before_header_and_echoed(
    ann: httpx2.AsyncClient, world: World
) -> None:
    header = {"x-account-id": "acc_1"}
    by_header = await asked(ann, "{ hello }", header)
    by_operation = await asked(ann, "{ hello }", header, extensions={"accountId": "acc_2"})

    assert by_header.headers["x-account-id"] == "acc_1"
    assert by_header.json()["extensions"] == {
        "accountContext": {"accountId": "acc_1", "source": "REQUEST"}
    }
    assert by_operation.headers["x-account-id"] == "acc_2"
    assert [caller.account_id for caller in world.callers] == ["acc_1", "acc_2"]


@pytest.mark.parametrize("named", ["", "acc_ü", "acc_\u20ac", "x" * 200, 7, ["acc_1"]])
async def test_an_account_that_is_no_id_is_refused(
    ann: httpx2.AsyncClient, world: World, named: object
) -> None:
    answer = await asked(ann, "{ hello }", extensions={"accountId": named})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}
    assert world.callers == []


async def test_a_header_that_is_not_ascii_is_refused_and_not_echoed(
    ann: httpx2.AsyncClient,
) -> None:
    answer = await ann.post(
        "/graphql", json={"query": "{ hello }"}, headers=[(b"x-account-id", "acc_ü".encode())]
    )

    assert answer.status_code == 400
    assert "x-account-id" not in answer.headers


async def test_the_context_adds_its_headers(ann: httpx2.AsyncClient, world: World) -> None:
    world.is_open.set()

    answer = await asked(ann, 'mutation { save(text: "x") }')

    assert answer.headers.get_list("set-cookie") == ["a=1", "b=2"]


async def test_cookies_can_be_set_by_an_answer_and_not_by_a_stream(
    ann: httpx2.AsyncClient, world: World
) -> None:
    await asked(ann, "{ hello }")
    await asked(ann, "{ hello }", {"accept": "text/event-stream"})

    assert [caller.can_set_cookies for caller in world.callers] == [True, False]
