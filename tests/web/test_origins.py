"""Whose pages may ask, and act with a cookie."""

import httpx2

from tests.web.stage import LISTED, asked
from tests.web.world import World

GRAPHQL = {"accept": "application/graphql-response+json"}
URQL = (
    "application/graphql-response+json, application/graphql+json, application/json, "
    "text/event-stream, multipart/mixed"
)
FORBIDDEN = {"code": "FORBIDDEN", "path": ["there"]}


async def test_a_listed_origin_may_ask_and_read(ann: httpx2.AsyncClient) -> None:
    asks = {"origin": LISTED, "access-control-request-method": "POST"}

    preflight = await ann.options("/graphql", headers=asks)
    answer = await asked(ann, "{ hello }", {"origin": LISTED})

    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-methods"] == "GET, POST"
    assert "X-Account-Id" in preflight.headers["access-control-allow-headers"]
    for each in (preflight, answer):
        assert each.headers["access-control-allow-origin"] == LISTED
        assert each.headers["access-control-allow-credentials"] == "true"


async def test_another_origin_may_not(ann: httpx2.AsyncClient, world: World) -> None:
    evil = {"origin": "https://evil.example"}

    preflight = await ann.options(
        "/graphql", headers={**evil, "access-control-request-method": "POST"}
    )
    act = await asked(ann, 'mutation { save(text: "x") }', evil)

    assert (preflight.status_code, act.status_code) == (403, 403)
    for answer in (preflight, act):
        assert answer.json()["errors"][0]["extensions"] == {"code": "ORIGIN_NOT_ALLOWED"}
        assert "access-control-allow-origin" not in answer.headers
    assert (world.saved, world.callers) == ([], [])


async def test_a_cookie_acts_only_from_a_known_origin(
    ann: httpx2.AsyncClient, world: World
) -> None:
    world.is_open.set()
    cookie, act = {"cookie": "session=x"}, 'mutation { save(text: "x") }'

    nowhere = await asked(ann, act, cookie)
    abroad = await asked(ann, act, {**cookie, "origin": "null"})
    basic = await asked(ann, act, {**cookie, "authorization": "Basic x"})
    home = await asked(ann, act, {**cookie, "origin": "http://keyfob.example"})
    listed = await asked(ann, act, {**cookie, "origin": LISTED})
    bearer = await asked(ann, act, {**cookie, "authorization": "Bearer x"})

    statuses = [each.status_code for each in (nowhere, abroad, basic, home, listed, bearer)]
    assert statuses == [403, 403, 403, 200, 200, 200]
    assert world.saved == ["x", "x", "x"]


async def test_options_without_a_preflight_tells_the_methods(ann: httpx2.AsyncClient) -> None:
    answer = await ann.options("/graphql")

    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, POST")
