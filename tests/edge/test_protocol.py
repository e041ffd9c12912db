"""HTTP that is unfinished, oversized or malformed: answered in JSON where it can be, and ended."""

import asyncio

import pytest

from app.web.protocol import HEADER_BYTES
from tests.edge.hostile import GET, HEAD, HELLO, KEY, LARGE, MALFORMED, POST, SAVE, SWITCH
from tests.edge.raw import SECONDS, Wire, connected, posted
from tests.web.test_bytes import BODIES
from tests.web.world import World


@pytest.mark.parametrize("sent", MALFORMED.values(), ids=MALFORMED)
async def test_malformed_http_is_a_bad_request_in_json(
    where: str, world: World, sent: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with connected(where) as wire:
        await wire.send(sent)
        answer = await wire.last_answer()

    assert answer.error == (400, "BAD_REQUEST")
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.headers["connection"] == "close"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert len(answer.headers["x-request-id"]) == 36
    assert "server" not in answer.headers
    assert answer.rest == b""
    assert world.callers == []
    assert caplog.records == []


@pytest.mark.parametrize("sent", LARGE.values(), ids=LARGE)
async def test_a_header_that_is_too_large_is_refused(where: str, sent: bytes) -> None:
    async with connected(where) as wire:
        await wire.send(sent)
        answer = await wire.last_answer()

    assert answer.error == (431, "PAYLOAD_TOO_LARGE")


async def test_a_header_below_the_limit_is_welcome(where: str) -> None:
    room = HEADER_BYTES - 300
    async with connected(where) as wire:
        for _ in range(2):  # each request is counted for itself
            await wire.send(HEAD, b"X-A: " + b"a" * room + b"\r\n\r\n")
            assert (await wire.answer()).status == 200
        await wire.send(posted(b" " * 100_000 + HELLO))
        assert (await wire.answer()).status == 200


async def in_drops(wire: Wire, begin: bytes, drop: bytes) -> bytes:
    """Send a beginning, and then a little again and again, until the server has enough of it."""
    await wire.send(begin)
    listening = asyncio.create_task(wire.everything())
    async with asyncio.timeout(SECONDS):
        while not listening.done():
            wire.writer.write(drop)
            await asyncio.sleep(0.05)
    return listening.result()


@pytest.mark.parametrize(
    ("begin", "drop"),
    [
        (b"GET /health/live HTTP/1.1\r\n", b"X-A: b\r\n"),
        (b"GET /health/live HTTP/1.1\r\nX-A: ", b"b"),
        (POST + b"Content-Length: 1000\r\n\r\n", b" "),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    ],
)
async def test_a_request_that_does_not_come_to_its_end_is_ended(
    where: str, world: World, begin: bytes, drop: bytes
) -> None:
    async with connected(where) as wire:
        told = await in_drops(wire, begin, drop)

    assert told.startswith(b"HTTP/1.1 408 Request Timeout\r\n")
    assert told.endswith(b'"extensions":{"code":"TIMED_OUT"}}]}')
    assert world.callers == []


@pytest.mark.parametrize("sent", [b"", b"\r\n"])
async def test_who_says_nothing_is_answered_nothing(where: str, sent: bytes) -> None:
    async with connected(where) as wire:
        await wire.send(sent)
        assert await wire.everything() == b""


async def test_blank_lines_between_requests_do_not_keep_a_connection(where: str) -> None:
    async with connected(where) as wire:
        await wire.send(GET)
        assert (await wire.answer()).status == 200
        assert not (await in_drops(wire, b"\r\n", b"\r\n")).startswith(b"HTTP/1.1 200")


async def test_a_request_that_is_answered_late_was_not_sent_late(where: str, world: World) -> None:
    async with connected(where) as wire:
        await wire.send(posted(SAVE))
        await asyncio.sleep(0.8)  # more than the server's patience with what is unfinished
        world.is_open.set()
        assert (await wire.answer()).status == 200

    assert world.saved == ["x"]


async def test_an_answer_is_finished_before_the_next_request_is_refused(
    where: str, world: World
) -> None:
    async with connected(where) as wire:
        await wire.send(posted(SAVE), b"HELO\r\n")
        await world.has_begun.wait()
        world.is_open.set()
        answer = await wire.last_answer()

    assert (answer.status, answer.body) == (200, b'{"data":{"save":"x"}}')
    assert (answer.headers["connection"], answer.rest) == ("close", b"")


async def test_requests_in_a_row_are_answered_in_their_order(where: str) -> None:
    async with connected(where) as wire:
        await wire.send(GET, posted(HELLO), GET)
        bodies = [(await wire.answer()).body for _ in range(3)]

    assert bodies == [b'{"status":"ok"}', b'{"data":{"hello":"Hello, you!"}}', b'{"status":"ok"}']


@pytest.mark.parametrize("protocol", [b"h2c", b"TLS/1.0"])
async def test_who_offers_another_protocol_is_answered_in_this_one(
    where: str, protocol: bytes
) -> None:
    upgrade = [b"Connection: Upgrade, HTTP2-Settings", b"HTTP2-Settings: AAMAAABk"]
    async with connected(where) as wire:
        for _ in range(2):
            await wire.send(posted(HELLO, *upgrade, b"Upgrade: " + protocol))
            assert (await wire.answer()).body == b'{"data":{"hello":"Hello, you!"}}'
        await wire.send(posted(HELLO, b"Connection: close, Upgrade", b"Upgrade: h2c"))
        assert (await wire.last_answer()).headers["connection"] == "close"


async def test_a_socket_is_not_opened_by_post(where: str) -> None:
    async with connected(where) as wire:
        await wire.send(posted(HELLO, SWITCH.strip(), KEY.strip()))
        assert (await wire.answer()).body == b'{"data":{"hello":"Hello, you!"}}'


async def test_what_comes_after_the_body_is_no_header(where: str) -> None:
    query = b'{"query": "{ secret }"}'
    chunks = b"%x\r\n%b\r\n0\r\nAuthorization: Bearer x\r\nHost: evil\r\n\r\n" % (len(query), query)
    async with connected(where) as wire:
        await wire.send(POST, b"Transfer-Encoding: chunked\r\n\r\n", chunks)
        assert (await wire.answer()).body == b'{"data":{"secret":null}}'


async def test_who_sends_far_too_much_can_read_why_it_was_refused(where: str) -> None:
    async with connected(where) as wire:
        await wire.send(posted(b" " * 10_000_000))
        answer = await wire.last_answer()

    assert answer.error == (413, "PAYLOAD_TOO_LARGE")


async def test_who_asks_before_sending_too_much_need_not_send_it(where: str) -> None:
    declared = b"Content-Length: 10000000000\r\nExpect: 100-continue\r\n\r\n"
    async with connected(where) as wire:
        await wire.send(POST, declared)
        answer = await wire.last_answer()

    assert answer.error == (413, "PAYLOAD_TOO_LARGE")


async def test_a_body_that_is_no_request_costs_nothing_but_its_answer(
    where: str, world: World
) -> None:
    async with connected(where) as wire:
        for body in BODIES.values():
            await wire.send(posted(body))
            assert (await wire.answer()).error == (400, "BAD_REQUEST")
        assert world.callers == []
        await wire.send(posted(HELLO))
        assert (await wire.answer()).status == 200


async def test_variables_nested_deep_in_an_address_are_refused(where: str) -> None:
    deep = b"[" * 100_000
    async with connected(where) as wire:
        await wire.send(b"GET /graphql?query={hello}&variables=", deep, b" HTTP/1.1\r\n\r\n")
        answer = await wire.last_answer()

    assert answer.error == (431, "PAYLOAD_TOO_LARGE")
