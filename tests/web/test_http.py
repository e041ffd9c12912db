"""GraphQL over HTTP: methods, media types, statuses."""

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


async def test_a_query_is_answered_in_the_form_that_was_asked_for(ann: httpx2.AsyncClient) -> None:
    plain = await asked(ann, "{ hello }")
    assert plain.json() == {"data": {"hello": "Hello, you!"}}
    assert plain.headers["content-type"] == "application/json; charset=utf-8"
    proper = await asked(ann, "{ hello }", GRAPHQL)
    assert proper.headers["content-type"] == "application/graphql-response+json; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("*/*", "application/json"),
        ("application/*", "application/json"),
        ("image/png", "application/json"),
        ("application/json;q=x", "application/json"),
        ("application/graphql-response+json;q=0.5, application/json", "application/json"),
        (URQL, "application/graphql-response+json"),
        ("text/event-stream", "text/event-stream"),
        ("application/json;q=0.5, text/event-stream", "text/event-stream"),
    ],
)
async def test_accept_decides_the_media_type(
    ann: httpx2.AsyncClient, accept: str, kind: str
) -> None:
    answer = await asked(ann, "{ hello }", {"accept": accept})

    assert answer.headers["content-type"] == f"{kind}; charset=utf-8"


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{", {}, "GRAPHQL_PARSE_FAILED"),
        ("{ unknown }", {}, "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: Int!) { twice(number: $n) }", {"n": "x"}, "BAD_REQUEST"),
        ("query ($n: Int!) { twice(number: $n) }", {}, "BAD_REQUEST"),
        ("query A { hello } query B { hello }", {}, "BAD_REQUEST"),
        ("fragment F on Query { hello }", {}, "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_a_request_that_cannot_be_executed_has_no_data(
    ann: httpx2.AsyncClient, query: str, variables: dict[str, object], code: str
) -> None:
    proper = await asked(ann, query, GRAPHQL, variables=variables)
    plain = await asked(ann, query, variables=variables)

    assert (proper.status_code, plain.status_code) == (400, 200)
    assert proper.json() == plain.json()
    assert proper.json().keys() == {"errors"}
    assert proper.json()["errors"][0]["extensions"] == {"code": code}


async def test_the_operation_is_chosen_by_name(ann: httpx2.AsyncClient) -> None:
    two = "query A { hello } query B { twice }"

    assert (await asked(ann, two, operationName="B")).json() == {"data": {"twice": 2}}
    unknown = (await asked(ann, two, operationName="C")).json()
    assert unknown["errors"][0]["message"] == "The document has no operation 'C'."


async def test_get_reads(ann: httpx2.AsyncClient) -> None:
    parameters = {"query": "query($n: String!) { hello(name: $n) }", "variables": '{"n": "Bob"}'}

    answer = await ann.get("/graphql", params=parameters)

    assert answer.json() == {"data": {"hello": "Hello, Bob!"}}


async def test_get_changes_nothing(ann: httpx2.AsyncClient, world: World) -> None:
    answer = await ann.get("/graphql", params={"query": 'mutation { save(text: "x") }'})

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}
    assert (world.saved, world.callers) == ([], [])


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD"])
async def test_other_methods_are_told_which_are_allowed(
    ann: httpx2.AsyncClient, method: str
) -> None:
    answer = await ann.request(method, "/graphql")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "",
    ],
)
async def test_a_body_that_a_form_could_send_is_refused(
    ann: httpx2.AsyncClient, world: World, kind: str
) -> None:
    body = b'{"query": "{ hello }"}'
    answer = await ann.post("/graphql", content=body, headers={"content-type": kind})

    assert answer.status_code == 415
    assert answer.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST"}
    assert world.callers == []


async def test_a_browser_gets_the_page_and_a_client_does_not(ann: httpx2.AsyncClient) -> None:
    browser = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}

    assert (await ann.get("/graphql", headers=browser)).text == "<h1>GraphiQL</h1>"
    assert (await ann.get("/graphql")).status_code == 400


async def test_a_subscription_needs_a_stream(ann: httpx2.AsyncClient) -> None:
    answer = await asked(ann, "subscription { count }")

    assert answer.status_code == 406
    assert answer.json()["errors"][0]["message"] == (
        "Subscriptions are sent as text/event-stream, or over a WebSocket: ask for one."
    )
