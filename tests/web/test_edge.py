"""The outermost layer: what every answer has, and the last resort."""

import httpx2
import pytest
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Message

from app.web.endpoint import Endpoint
from app.web.refusing import unknown_path
from tests.web.stage import asked, site


async def test_every_answer_is_guarded_and_numbered(ann: httpx2.AsyncClient) -> None:
    answers = [
        await asked(ann, "{ hello }"),
        await asked(ann, "{"),
        await ann.get("/nowhere"),
        await ann.get("/health/live"),
    ]

    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-frame-options"] == "DENY"
        assert "server" not in answer.headers
    assert len({answer.headers["x-request-id"] for answer in answers}) == len(answers)
    assert answers[0].headers["vary"] == ("Accept, Authorization, Cookie, X-Account-Id, Origin")


async def test_what_the_router_refuses_is_told_in_json(ann: httpx2.AsyncClient) -> None:
    unknown, wrong = await ann.get("/nowhere"), await ann.post("/health/live")

    assert (unknown.status_code, wrong.status_code) == (404, 405)
    assert unknown.json() == {
        "errors": [{"message": "Not Found", "extensions": {"code": "NOT_FOUND"}}]
    }
    assert set(wrong.headers["allow"].split(", ")) == {"GET", "HEAD"}


async def test_whatever_nobody_caught_is_a_masked_500(
    ann: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await ann.get("/falls")

    told = answer.headers["x-request-id"]
    assert answer.status_code == 500
    assert answer.json()["errors"][0]["extensions"] == {"code": "INTERNAL", "requestId": told}
    assert "secret" not in answer.text
    assert told in caplog.records[0].getMessage()


async def test_an_answer_that_breaks_in_the_middle_is_cut_and_logged(
    ann: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(ZeroDivisionError):
        await ann.get("/breaks")

    assert [record.name for record in caplog.records] == ["keyfob.faults"]


async def test_a_client_that_leaves_while_it_asks_is_not_answered(graph: Endpoint) -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    headers = [(b"content-type", b"application/json")]
    scope = {"type": "http", "method": "POST", "headers": headers, "path": "/graphql"}
    await graph(scope, receive, send)


async def test_nothing_but_exceptions_of_http_is_told_by_the_router(
    ann: httpx2.AsyncClient,
) -> None:
    with pytest.raises(ZeroDivisionError):
        await unknown_path(Request({"type": "http"}), ZeroDivisionError())


def test_the_application_may_have_a_lifespan(graph: Endpoint) -> None:
    with TestClient(site(graph)) as ann:
        assert ann.post("/graphql", json={"query": "{ hello }"}).status_code == 200
