"""What those who watch the server are told."""

import asyncio
from pathlib import Path

import httpx2
import pytest

from app.web import health
from tests.web.stage import endpoint, site
from tests.web.world import World


async def asked(ready: health.IsReady, folder: Path) -> list[tuple[int, object]]:
    transport = httpx2.ASGITransport(site(endpoint(World(), folder), ready))
    async with httpx2.AsyncClient(transport=transport, base_url="http://keyfob.example") as ann:
        answers = [await ann.get(f"/health/{path}") for path in ("live", "ready")]
    return [(answer.status_code, answer.json()) for answer in answers]


async def test_a_server_that_can_work_says_so(tmp_path: Path) -> None:
    async def is_ready() -> bool:
        return True

    assert await asked(is_ready, tmp_path) == [(200, {"status": "ok"})] * 2


async def test_a_server_that_is_leaving_lives_and_is_not_ready(tmp_path: Path) -> None:
    async def is_ready() -> bool:
        return False

    live, ready = await asked(is_ready, tmp_path)

    assert (live[0], ready) == (200, (503, {"status": "unavailable"}))


async def test_a_database_that_fails_is_told_without_its_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def is_ready() -> bool:
        raise ConnectionError("no database at 10.0.0.7")

    _, ready = await asked(is_ready, tmp_path)

    assert ready == (503, {"status": "unavailable"})
    assert "10.0.0.7" in caplog.text


async def test_a_database_that_is_silent_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.01)

    async def is_ready() -> bool:
        return await asyncio.Event().wait()

    _, ready = await asked(is_ready, tmp_path)

    assert ready[0] == 503
    assert "TimeoutError" in caplog.text
