"""The small graph, the client that asks it, and the port where it can be reached."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from app.web.endpoint import Endpoint, Rules
from app.web.sockets import Manners
from tests.web.stage import client, endpoint, page, served
from tests.web.world import World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def graph(world: World, tmp_path: Path) -> Endpoint:
    return endpoint(world, tmp_path, Rules(manners=Manners(0.4, 2, 1_000), page=page))


@pytest.fixture
async def ann(graph: Endpoint) -> AsyncIterator[httpx2.AsyncClient]:
    async with client(graph) as opened:
        yield opened


@pytest.fixture
async def where(graph: Endpoint) -> AsyncIterator[str]:
    async with served(graph) as host:
        yield host
