"""What is asked on a socket meets the rules that it meets over HTTP."""

from pathlib import Path

import pytest

from tests.engine.hostile import CODES, HOSTILE
from tests.web.stage import asked, client, endpoint, served
from tests.web.talking import answers, greet, opened
from tests.web.world import No, World

REQUESTS: list[dict[str, object]] = [
    {"query": "{"},
    {"query": "{ nothing }"},
    {"query": "{ __type { name } }"},
    {"query": "query A { hello } query B { hello }"},
    {"query": "query A { hello }", "operationName": "B"},
    {"query": "{ hello }", "operationName": 1},
    {"query": "{ hello }", "variables": []},
    {"query": "{ hello }", "extensions": "x"},
    {"query": "{ hello }", "extensions": {"accountId": "acc_ü"}},
    {"query": "query ($n: Int!) { twice(number: $n) }"},
    {"query": "query ($n: Int!) { twice(number: $n) }", "variables": {"n": "1"}},
    {"query": "query ($n: String!) { hello(name: $n) }", "variables": {"n": "\0"}},
    {"query": "mutation ($t: String!) { save(text: $t) }", "variables": {"t": None}},
]


async def test_hostile_documents_are_refused_alike(world: World, tmp_path: Path) -> None:
    graph = endpoint(world, tmp_path)
    async with client(graph) as ann, served(graph) as where, opened(where) as socket:
        await greet(socket)
        for document, kind in HOSTILE.values():
            errors = (await asked(ann, document)).json()["errors"]
            assert errors[0]["extensions"]["code"] == CODES[kind]
            assert await answers(socket, document) == [errors]

    assert world.callers == []


@pytest.mark.parametrize("request_", REQUESTS)
async def test_bad_requests_are_refused_alike(
    world: World, tmp_path: Path, request_: dict[str, object]
) -> None:
    graph = endpoint(world, tmp_path)
    async with client(graph) as ann, served(graph) as where, opened(where) as socket:
        await greet(socket)
        over_http = (await ann.post("/graphql", json=request_)).json()
        query, more = str(request_["query"]), {k: v for k, v in request_.items() if k != "query"}

        assert await answers(socket, query, "1", **more) == [over_http["errors"]]
        assert "data" not in over_http
    assert world.saved == []


async def test_refusals_of_resolvers_and_viewers_are_told_alike(
    world: World, tmp_path: Path
) -> None:
    graph = endpoint(world, tmp_path)
    async with client(graph) as ann, served(graph) as where, opened(where) as socket:
        await greet(socket)
        refused = (await asked(ann, "{ refused }")).json()
        assert await answers(socket, "{ refused }") == [refused, "complete"]

        world.refusal = No()
        unseen = (await asked(ann, "{ hello }")).json()
        assert await answers(socket, "{ hello }") == [unseen["errors"]]
