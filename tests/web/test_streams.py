"""Server-sent events: graphql-sse's distinct connections mode."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest

from app.web import streams
from app.web.endpoint import Endpoint
from app.web.tasks import cancelled, first_done
from tests.web.stage import served
from tests.web.world import No, World

EVENTS = {"accept": "text/event-stream"}
URQL = {"accept": "application/json, text/event-stream, multipart/mixed"}
COMPLETE = "event: complete\ndata:\n\n"
NO = '{"message":"You may not.","extensions":{"code":"FORBIDDEN","path":["there"]}}'
SECONDS = 5


@pytest.fixture
async def ann(graph: Endpoint) -> AsyncIterator[httpx2.AsyncClient]:
    async with served(graph) as where, httpx2.AsyncClient(base_url=f"http://{where}") as opened:
        yield opened


async def streamed(ann: httpx2.AsyncClient, query: str) -> str:
    answer = await ann.post("/graphql", json={"query": query}, headers=EVENTS)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    return answer.text


def event(data: str) -> str:
    return f"event: next\ndata: {data}\n\n"


async def test_a_subscription_is_streamed_and_completed(ann: httpx2.AsyncClient) -> None:
    assert await streamed(ann, "subscription { count }") == (
        event('{"data":{"count":1}}') + event('{"data":{"count":2}}') + COMPLETE
    )


async def test_a_stream_can_be_opened_by_its_address(ann: httpx2.AsyncClient) -> None:
    parameters = {"query": "subscription { count(to: 1) }"}

    answer = await ann.get("/graphql", params=parameters, headers=EVENTS)

    assert answer.text == event('{"data":{"count":1}}') + COMPLETE


async def test_a_query_is_a_stream_of_one(ann: httpx2.AsyncClient) -> None:
    assert await streamed(ann, "{ hello }") == (
        event('{"data":{"hello":"Hello, you!"}}') + COMPLETE
    )


async def test_an_invalid_document_is_told_in_the_stream(ann: httpx2.AsyncClient) -> None:
    text = await streamed(ann, "{ nothing }")

    assert "GRAPHQL_VALIDATION_FAILED" in text
    assert '"data"' not in text
    assert text.endswith(COMPLETE)


async def test_a_bad_request_is_refused_before_there_is_a_stream(ann: httpx2.AsyncClient) -> None:
    answer = await ann.post("/graphql", json={"query": 1}, headers=EVENTS)

    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/json; charset=utf-8"


async def test_a_refusal_at_the_start_has_no_data(ann: httpx2.AsyncClient) -> None:
    text = await streamed(ann, "subscription { closed }")

    assert '"code":"FORBIDDEN"' in text
    assert '"data"' not in text
    assert text.endswith(COMPLETE)


async def test_a_guard_stands_before_a_stream(ann: httpx2.AsyncClient) -> None:
    refused = await streamed(ann, "subscription { guarded }")
    passed = await streamed(ann, "subscription { guarded(passes: true) }")

    assert '"path":["guarded"]' in refused
    assert '"code":"FORBIDDEN"' in refused
    assert passed == event('{"data":{"guarded":1}}') + COMPLETE


async def test_a_refusal_in_the_middle_ends_the_stream(ann: httpx2.AsyncClient) -> None:
    assert await streamed(ann, "subscription { ended }") == (
        event('{"data":{"ended":1}}') + event(f'{{"errors":[{NO}],"data":null}}') + COMPLETE
    )


async def test_a_fault_in_the_middle_is_masked(
    ann: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    text = await streamed(ann, "subscription { crashes }")

    assert text.startswith(event('{"data":{"crashes":1}}'))
    assert '"code":"INTERNAL"' in text
    assert "secret" not in text
    assert text.endswith(COMPLETE)
    assert len(caplog.records) == 1


async def test_a_refused_viewer_is_told_in_the_stream(
    ann: httpx2.AsyncClient, world: World
) -> None:
    world.refusal = No()

    assert await streamed(ann, "subscription { count }") == event(f'{{"errors":[{NO}]}}') + COMPLETE


async def test_who_also_accepts_json_gets_a_stream_for_subscriptions_only(
    ann: httpx2.AsyncClient,
) -> None:
    query = await ann.post("/graphql", json={"query": "{ hello }"}, headers=URQL)
    subscription = await ann.post(
        "/graphql", json={"query": "subscription { count }"}, headers=URQL
    )

    assert query.headers["content-type"] == "application/json; charset=utf-8"
    assert subscription.headers["content-type"] == "text/event-stream; charset=utf-8"


async def test_a_stream_whose_client_left_is_ended(ann: httpx2.AsyncClient, world: World) -> None:
    body = {"query": "subscription { forever }"}
    async with ann.stream("POST", "/graphql", json=body, headers=EVENTS) as answer:
        assert await anext(answer.aiter_text()) == event('{"data":{"forever":1}}')

    async with asyncio.timeout(SECONDS):
        await world.has_ended.wait()


async def test_a_stream_is_completed_when_the_server_leaves(
    ann: httpx2.AsyncClient, graph: Endpoint, world: World
) -> None:
    body = {"query": "subscription { forever }"}
    async with ann.stream("POST", "/graphql", json=body, headers=EVENTS) as answer:
        parts = answer.aiter_text()
        await anext(parts)
        graph.leave()
        async with asyncio.timeout(SECONDS):
            assert [part async for part in parts] == [COMPLETE]

    assert world.has_ended.is_set()


async def test_a_silent_stream_gives_signs_of_life(
    ann: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "HEARTBEAT_SECONDS", 0.01)
    body = {"query": "subscription { forever }"}
    async with ann.stream("POST", "/graphql", json=body, headers=EVENTS) as answer:
        parts = answer.aiter_text()
        await anext(parts)
        assert (await anext(parts)).startswith(":\n\n")


async def test_a_mutation_is_finished_although_its_client_left(
    ann: httpx2.AsyncClient, graph: Endpoint, world: World
) -> None:
    body = {"query": 'mutation { save(text: "x") }'}
    async with ann.stream("POST", "/graphql", json=body, headers=EVENTS):
        await world.has_begun.wait()
    world.is_open.set()

    await graph.finish()

    assert world.saved == ["x"]


async def test_a_job_that_failed_is_not_passed_over() -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    job = asyncio.create_task(fail())
    await first_done([job])

    with pytest.raises(ZeroDivisionError):
        await cancelled(job)
