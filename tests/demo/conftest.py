"""What tests of the demo have in common."""

import pytest

from app.demo import world
from app.demo.world import World
from app.main import Application


@pytest.fixture
async def demo(app: Application) -> World:
    """The world, made for this test."""
    return await world.made(app.site)
