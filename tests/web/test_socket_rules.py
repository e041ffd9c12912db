"""Who may hold a socket, and what closes it."""

import asyncio
from contextlib import suppress

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Subprotocol

from app.web.endpoint import Endpoint
from tests.web.stage import LISTED, site
from tests.web.talking import INIT, SECONDS, SPOKEN, ask, closing, greet, hear, opened, say
from tests.web.world import World


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ("[]", 4400),
        ("1", 4400),
        ("null", 4400),
        ("{", 4400),
        ("[" * 900, 4400),
        ('{"a": "\\ud800"}', 4400),
        (b'{"type": "ping"}', 4400),
        (b"\xff", 4400),
        ("{}", 4400),
        ('{"type": 1}', 4400),
        ('{"type": "start"}', 4400),
        ('{"type": "connection_init"}', 4429),
        ('{"type": "subscribe"}', 4400),
        ('{"type": "subscribe", "id": 1, "payload": {}}', 4400),
        ('{"type": "subscribe", "id": "", "payload": {}}', 4400),
        ('{"type": "subscribe", "id": "1", "payload": []}', 4400),
        (" " * 2_000, 1009),
        ('{"type": "ping", "payload": "' + "€" * 400 + '"}', 1009),
    ],
)
async def test_a_message_that_breaks_the_rules_closes_the_socket(
    where: str, frame: str | bytes, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened(where) as socket:
        await greet(socket)
        await socket.send(frame)
        assert (await closing(socket))[0] == code

    assert caplog.records == []


@pytest.mark.parametrize(
    "payload",
    [[], 1, {"authorization": 1}, {"authorization": "Bearer\r\nx: y"}, {"accountId": "acc_ü"}],
)
async def test_a_greeting_that_breaks_the_rules_closes_the_socket(
    where: str, payload: object
) -> None:
    async with opened(where) as socket:
        await say(socket, {**INIT, "payload": payload})
        assert (await closing(socket))[0] == 4400


async def test_who_does_not_greet_is_sent_away(where: str) -> None:
    async with opened(where) as socket:
        assert await closing(socket) == (4408, "Connection initialisation timeout")


async def test_pings_do_not_stand_for_a_greeting(where: str) -> None:
    async with opened(where) as socket:
        with suppress(ConnectionClosed):
            async with asyncio.timeout(SECONDS):
                while True:
                    await say(socket, {"type": "ping"})
                    assert await hear(socket) == {"type": "pong"}
                    await asyncio.sleep(0.05)

    assert (socket.close_code, socket.close_reason) == (
        4408,
        "Connection initialisation timeout",
    )


async def test_a_message_may_be_too_large_before_the_greeting(where: str) -> None:
    async with opened(where) as socket:
        await say(socket, {**INIT, "payload": {"x": "x" * 1_000}})
        assert await closing(socket) == (1009, "The message is too large")


async def test_who_asks_before_greeting_is_sent_away(where: str) -> None:
    async with opened(where) as socket:
        await ask(socket, "{ hello }")
        assert await closing(socket) == (4401, "Unauthorized")


async def test_an_id_under_way_is_not_used_twice(where: str) -> None:
    async with opened(where) as socket:
        await greet(socket)
        await ask(socket, "subscription { forever }")
        await ask(socket, "{ hello }")
        assert await closing(socket) == (4409, "Subscriber for 1 already exists")


async def test_operations_at_a_time_are_limited(where: str) -> None:
    async with opened(where) as socket:
        await greet(socket)
        for key in "abc":
            await ask(socket, "{ waits }", key)
        refused = await hear(socket)

    assert (refused["id"], refused["type"]) == ("c", "error")
    assert refused["payload"] == [
        {
            "message": "2 operations at a time are allowed on a socket.",
            "extensions": {"code": "LIMIT_REACHED"},
        }
    ]


@pytest.mark.parametrize("protocol", ["graphql-ws", "chat"])
async def test_other_protocols_are_not_spoken(where: str, protocol: str) -> None:
    async with opened(where, Subprotocol(protocol)) as socket:
        assert await closing(socket) == (4406, "Subprotocol not acceptable")


async def test_who_names_no_protocol_is_not_served(where: str) -> None:
    async with connect(f"ws://{where}/graphql") as socket:
        assert await closing(socket) == (4406, "Subprotocol not acceptable")


async def test_the_protocol_is_chosen_among_others(where: str) -> None:
    async with opened(where, Subprotocol("graphql-ws"), SPOKEN) as socket:
        assert socket.subprotocol == SPOKEN
        await greet(socket)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "https://evil.example", "Cookie": "session=x"},
        {"Cookie": "session=x"},
    ],
)
async def test_a_foreign_page_gets_no_socket(
    where: str, world: World, headers: dict[str, str]
) -> None:
    with pytest.raises(InvalidStatus) as denied:
        async with opened(where, **headers):
            pass

    assert denied.value.response.status_code == 403
    assert b"ORIGIN_NOT_ALLOWED" in denied.value.response.body
    assert denied.value.response.headers["x-request-id"]
    assert world.callers == []


async def test_the_own_and_the_listed_origins_get_one(where: str) -> None:
    for origin in (f"http://{where}", LISTED):
        async with opened(where, Origin=origin, Cookie="session=x") as socket:
            await greet(socket)


def test_a_server_that_cannot_deny_in_json_closes(graph: Endpoint) -> None:
    headers = {"origin": "https://evil.example"}
    with (
        TestClient(without_denials(site(graph))) as ann,
        pytest.raises(WebSocketDisconnect) as denied,
        ann.websocket_connect("/graphql", [SPOKEN], headers=headers),
    ):
        pass

    assert denied.value.code == 1000


def without_denials(app: ASGIApp) -> ASGIApp:
    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "extensions": {}}, receive, send)

    return wrapped
