"""Whatever arrives, the answer is a coded error in JSON, and nothing is executed."""

import gzip
from collections.abc import AsyncIterator
from urllib.parse import quote

import httpx2
import pytest

from tests.web.world import World

DEEP = 100_000
JSON = {"content-type": "application/json"}
BODIES = {
    "nothing": b"",
    "no JSON": b"{",
    "a batch": b'[{"query": "{ hello }"}]',
    "a number": b"1",
    "a string": b'"{ hello }"',
    "null": b"null",
    "not a number": b'{"query": NaN}',
    "bad UTF-8": b'{"query": "{ hello(name: \\"\xff\\") }"}',
    "UTF-16": '{"query": "{ hello }"}'.encode("utf-16"),
    "a byte order mark": b'\xef\xbb\xbf{"query": "{ hello }"}',
    "a lone surrogate": b'{"query": "{ hello(name: \\"\\ud800\\") }"}',
    "5,000 digits": b'{"query": "{ hello }", "variables": {"a": ' + b"1" * 5000 + b"}}",
    "deep": b'{"query": "{ hello }", "variables": ' + b'{"a":' * DEEP,
    "deep and closed": b'{"query": "", "variables": ' + b"[" * DEEP + b"]" * DEEP + b"}",
    "no query": b"{}",
    "query null": b'{"query": null}',
    "query an object": b'{"query": {}}',
    "variables a list": b'{"query": "{ hello }", "variables": []}',
    "variables a string": b'{"query": "{ hello }", "variables": "{}"}',
    "extensions a string": b'{"query": "{ hello }", "extensions": "x"}',
    "operationName a number": b'{"query": "{ hello }", "operationName": 1}',
    "a gzip body as JSON": gzip.compress(b'{"query": "{ hello }"}'),
}


def told(answer: httpx2.Response) -> tuple[int, str]:
    [error] = answer.json()["errors"]
    return answer.status_code, error["extensions"]["code"]


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_a_body_that_is_no_request_is_a_bad_request(
    ann: httpx2.AsyncClient, world: World, body: bytes
) -> None:
    answer = await ann.post("/graphql", content=body, headers=JSON)

    assert told(answer) == (400, "BAD_REQUEST")
    assert world.callers == []


async def test_a_compressed_body_is_refused_unread(ann: httpx2.AsyncClient) -> None:
    bomb = gzip.compress(b" " * 10_000_000)

    answer = await ann.post("/graphql", content=bomb, headers={**JSON, "content-encoding": "gzip"})

    assert told(answer) == (415, "BAD_REQUEST")


async def test_a_body_that_is_too_large_is_refused(ann: httpx2.AsyncClient) -> None:
    large = await ann.post("/graphql", content=b" " * 10_000_000, headers=JSON)
    declared = await ann.post(
        "/graphql", content=b"{}", headers={**JSON, "content-length": "10000000000"}
    )

    assert told(large) == told(declared) == (413, "PAYLOAD_TOO_LARGE")


async def test_a_body_that_grows_too_large_is_refused(ann: httpx2.AsyncClient) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b" " * 100_000

    answer = await ann.post("/graphql", content=endless(), headers=JSON)

    assert told(answer) == (413, "PAYLOAD_TOO_LARGE")
    assert answer.headers["connection"] == "close"


@pytest.mark.parametrize(
    "parameters",
    [
        "query=%FF",
        "query={hello}&variables=" + "[" * 60_000,
        "query={hello}&variables=%7B%22a%22:" + "1" * 5000 + "%7D",
        "query={hello}&variables=[]",
        "query={hello}&variables=%7B",
        "query={hello}&extensions=1",
        "variables={}",
        "&".join(f"a{number}=1" for number in range(100)) + "&query={hello}",
        "query=%00",
        "query={hello}&operationName=%00",
    ],
)
async def test_parameters_that_are_no_request_are_a_bad_request(
    ann: httpx2.AsyncClient, world: World, parameters: str
) -> None:
    answer = await ann.get(f"/graphql?{parameters}")

    assert told(answer) == (400, "BAD_REQUEST")
    assert world.callers == []


@pytest.mark.parametrize("text", ["\0x", "x\0x", "x\0"])
@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"name": "TEXT"}, "variables.name"),
        ({"input": {"tags": ["a", "TEXT"]}}, "variables.input.tags.1"),
        ({"input": {"TEXT": 1}}, "A key in variables.input"),
    ],
)
async def test_a_nul_is_refused_by_the_name_of_its_variable(
    ann: httpx2.AsyncClient, world: World, text: str, variables: object, named: str
) -> None:
    filled = repr(variables).replace("TEXT", text.replace("\0", "\\u0000")).replace("'", '"')
    body = f'{{"query": "query ($name: String) {{ hello(name: $name) }}", "variables": {filled}}}'

    posted = await ann.post("/graphql", content=body.encode(), headers=JSON)
    fetched = await ann.get(f"/graphql?query=%7Bhello%7D&variables={quote(filled)}")

    for answer in (posted, fetched):
        assert told(answer) == (400, "BAD_REQUEST")
        assert answer.json()["errors"][0]["message"] == f"{named} holds U+0000."
    assert world.callers == []


@pytest.mark.parametrize("written", ["\\u0000", "\\u{0}", "a\\u{0000}b"])
async def test_a_nul_in_a_string_of_the_document_is_refused(
    ann: httpx2.AsyncClient, world: World, written: str
) -> None:
    answer = await ann.post("/graphql", json={"query": f'{{ hello(name: "{written}") }}'})

    assert told(answer) == (200, "BAD_REQUEST")
    assert world.callers == []


async def test_what_only_looks_like_a_nul_is_welcome(ann: httpx2.AsyncClient) -> None:
    query = "query ($name: String!) { hello(name: $name) }"
    variables = {"name": "\\u0000"}

    in_variable = await ann.post("/graphql", json={"query": query, "variables": variables})
    in_document = await ann.post("/graphql", json={"query": '{ hello(name: "\\\\u0000") }'})

    for answer in (in_variable, in_document):
        assert answer.json() == {"data": {"hello": "Hello, \\u0000!"}}


@pytest.mark.parametrize("number", ["1" * 5000, "1e" + "1" * 5000, "-" + "9" * 4000])
async def test_a_number_of_the_document_that_is_too_long_is_invalid(
    ann: httpx2.AsyncClient, number: str
) -> None:
    answer = await ann.post("/graphql", json={"query": f"{{ twice(number: {number}) }}"})

    assert told(answer) == (200, "GRAPHQL_VALIDATION_FAILED")
