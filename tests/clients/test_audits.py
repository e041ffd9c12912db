"""The audits of graphql-http, the reference of GraphQL over HTTP, against a running server."""

import json
from pathlib import Path

from tests.clients import npm
from tests.web.stage import endpoint, served
from tests.web.world import World


async def test_every_audit_of_graphql_over_http_passes(node: str, tmp_path: Path) -> None:
    async with served(endpoint(World(), tmp_path)) as where:
        printed = await npm.run(node, "audit.js", f"http://{where}/graphql")

    results = [json.loads(line) for line in printed.splitlines()]
    assert len(results) > 60
    assert [result for result in results if result["status"] != "ok"] == []
