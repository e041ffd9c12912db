"""How long an operation may take."""

import asyncio
from pathlib import Path

from app.engine.limits import Limits
from app.web.endpoint import Rules
from tests.web.stage import client, endpoint
from tests.web.world import World

HASTY = Rules(Limits(seconds=0.05))


async def test_a_query_that_takes_too_long_is_broken_off(world: World, tmp_path: Path) -> None:
    async with client(endpoint(world, tmp_path, HASTY)) as ann:
        answer = await ann.post("/graphql", json={"query": "{ waits }"})

    [error] = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (503, "TIMED_OUT")
    assert error["message"] == "The query took longer than 0.05 seconds. Ask for less at once."
    assert world.has_ended.is_set()


async def test_a_mutation_is_finished_however_long_it_takes(world: World, tmp_path: Path) -> None:
    async with client(endpoint(world, tmp_path, HASTY)) as ann:
        asked = asyncio.create_task(
            ann.post("/graphql", json={"query": 'mutation { save(text: "x") }'})
        )
        await asyncio.sleep(0.1)
        world.is_open.set()

        assert (await asked).json() == {"data": {"save": "x"}}
