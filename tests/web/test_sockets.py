"""GraphQL over a WebSocket: operations, their contexts, their ends."""

import asyncio

import pytest

from app.web.endpoint import Endpoint
from tests.web.talking import (
    FORBIDDEN,
    SECONDS,
    answers,
    ask,
    closing,
    greet,
    hear,
    opened,
    say,
)
from tests.web.world import No, World


async def test_all_kinds_of_operations_are_performed(where: str, world: World) -> None:
    world.is_open.set()
    async with opened(where) as socket:
        await greet(socket)
        query = await answers(socket, "{ hello }")
        mutation = await answers(socket, 'mutation { save(text: "x") }')
        subscription = await answers(socket, "subscription { count }")

    assert query == [{"data": {"hello": "Hello, you!"}}, "complete"]
    assert mutation == [{"data": {"save": "x"}}, "complete"]
    assert subscription == [{"data": {"count": 1}}, {"data": {"count": 2}}, "complete"]
    assert world.saved == ["x"]


async def test_each_operation_has_a_context_and_an_id_of_its_own(where: str, world: World) -> None:
    async with opened(where, **{"X-Account-Id": "acc_0"}) as socket:
        await greet(socket, authorization="Bearer x", accountId="acc_1")
        first = await answers(socket, "{ secret }")
        await answers(socket, "{ secret }", extensions={"accountId": "acc_2"})

    assert first[0] == {
        "data": {"secret": "Bearer x"},
        "extensions": {"accountContext": {"accountId": "acc_1", "source": "REQUEST"}},
    }
    assert [caller.account_id for caller in world.callers] == ["acc_1", "acc_2"]
    assert len({caller.request_id for caller in world.callers}) == 2


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query ($n: Int!) { twice(number: $n) }"}, "BAD_REQUEST"),
        ({"query": 1}, "BAD_REQUEST"),
        ({}, "BAD_REQUEST"),
        ({"query": "{ hello }", "variables": {"a": "\0"}}, "BAD_REQUEST"),
        ({"query": "{ hello }", "extensions": {"accountId": 7}}, "BAD_REQUEST"),
        ({"query": "{ hello " * 100}, "QUERY_TOO_DEEP"),
        ({"query": "subscription { closed }"}, "FORBIDDEN"),
        ({"query": "subscription { guarded }"}, "FORBIDDEN"),
    ],
)
async def test_a_refused_operation_gets_an_error_and_the_socket_lives(
    where: str, payload: dict[str, object], code: str
) -> None:
    async with opened(where) as socket:
        await greet(socket)
        await say(socket, {"id": "1", "type": "subscribe", "payload": payload})
        refused = await hear(socket)
        later = await answers(socket, "{ hello }")

    assert refused["type"] == "error"
    errors = refused["payload"]
    assert isinstance(errors, list)
    assert errors[0]["extensions"]["code"] == code
    assert later[-1] == "complete"


async def test_a_refused_viewer_gets_an_error(where: str, world: World) -> None:
    world.refusal = No()
    async with opened(where) as socket:
        await greet(socket)
        assert await answers(socket, "{ hello }") == [[FORBIDDEN]]


async def test_a_refusal_in_the_middle_of_a_stream_completes_it(where: str) -> None:
    async with opened(where) as socket:
        await greet(socket)
        heard = await answers(socket, "subscription { ended }")

    assert heard == [{"data": {"ended": 1}}, {"data": None, "errors": [FORBIDDEN]}, "complete"]


async def test_a_fault_is_masked_and_logged(
    where: str, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.refusal = ZeroDivisionError("the secret is 42")
    async with opened(where) as socket:
        await greet(socket)
        [errors] = await answers(socket, "{ hello }")

    assert isinstance(errors, list)
    assert errors[0]["extensions"]["code"] == "INTERNAL"
    assert "secret" not in str(errors)
    assert errors[0]["extensions"]["requestId"] in caplog.text


async def test_completing_ends_a_subscription_and_frees_its_id(where: str, world: World) -> None:
    async with opened(where) as socket:
        await greet(socket)
        await ask(socket, "subscription { forever }")
        assert (await hear(socket))["type"] == "next"
        await say(socket, {"id": "1", "type": "complete"})
        async with asyncio.timeout(SECONDS):
            await world.has_ended.wait()
        again = await answers(socket, "{ hello }")

    assert again[-1] == "complete"


async def test_leaving_ends_everything(where: str, world: World) -> None:
    async with opened(where) as socket:
        await greet(socket)
        await ask(socket, "{ waits }")
        async with asyncio.timeout(SECONDS):
            await world.has_begun.wait()

    async with asyncio.timeout(SECONDS):
        await world.has_ended.wait()


async def test_a_mutation_is_finished_although_it_was_completed(
    where: str, graph: Endpoint, world: World
) -> None:
    async with opened(where) as socket:
        await greet(socket)
        await ask(socket, 'mutation { save(text: "x") }')
        async with asyncio.timeout(SECONDS):
            await world.has_begun.wait()
        await say(socket, {"id": "1", "type": "complete"})
        assert (await answers(socket, "{ hello }"))[-1] == "complete"
    world.is_open.set()
    await graph.finish()

    assert world.saved == ["x"]


async def test_a_ping_is_answered_before_and_after_the_greeting(where: str) -> None:
    async with opened(where) as socket:
        await say(socket, {"type": "ping"})
        assert await hear(socket) == {"type": "pong"}
        await greet(socket)
        await say(socket, {"type": "pong"})
        await say(socket, {"type": "complete", "id": "unknown"})
        await say(socket, {"type": "ping", "payload": {"a": 1}})
        assert await hear(socket) == {"type": "pong"}


async def test_sockets_are_closed_when_the_server_leaves(where: str, graph: Endpoint) -> None:
    async with opened(where) as socket:
        await greet(socket)
        await ask(socket, "subscription { forever }")
        await hear(socket)
        graph.leave()
        assert await closing(socket) == (1001, "Going away")
