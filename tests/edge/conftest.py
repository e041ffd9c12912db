"""The small graph behind the protocol that strangers meet, with little patience."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.database.migrations import migrate
from app.web.endpoint import Endpoint, Rules
from tests.edge.own_postgres import OwnServer
from tests.edge.serving import served
from tests.web.stage import endpoint, site
from tests.web.world import World


@pytest.fixture
def world() -> World:
    """What the tests look at, and turn."""
    return World()


@pytest.fixture
def graph(world: World, tmp_path: Path) -> Endpoint:
    """The endpoint of the small graph."""
    return endpoint(world, tmp_path, Rules())


@pytest.fixture
async def where(graph: Endpoint) -> AsyncIterator[str]:
    """A server that waits no longer than half a second."""
    async with served(site(graph), patience=0.5) as host:
        yield host
        graph.leave()


@pytest.fixture(scope="session")
async def own_server() -> OwnServer:
    """A PostgreSQL that can be stopped, with a migrated database to copy."""
    started = await asyncio.to_thread(OwnServer)
    await started.tell('CREATE DATABASE "template"')
    await migrate(started.url("template"), lambda name: None)
    return started
