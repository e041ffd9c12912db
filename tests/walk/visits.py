"""A visitor who asks, and what their answers tell."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, Final

import httpx2

from tests.stage import Person
from tests.walk.arguments import Way
from tests.walk.questions import Question

PATIENCE_SECONDS: Final = 5
MARK: Final = re.compile(r'ursor":"([\w-]+)"')


class Visit:
    """Somebody at the API, who does not ask for more of what is null."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client
        self.left: dict[str, Way | None] = {}

    async def asks(self, question: Question) -> AsyncIterator[str]:
        """Ask in every way, and read the answers."""
        for way in question.ways:
            asked = f"{question.call} {way}"
            wanted = self.left.get(asked, way)
            if wanted is not None:
                answer = await self.sends(question.document, wanted)
                self.left[asked] = _left(wanted, question.name, answer.json())
                yield read(answer.text)

    async def tries(self, question: Question) -> AsyncIterator[tuple[Way, str]]:
        """Do something in every way, and read what came of it."""
        for way in question.ways:
            yield way, read((await self.sends(question.document, way)).text)

    async def opens(self, question: Question) -> AsyncIterator[str]:
        """Open a stream in every way, and read what comes of it until it ends."""
        for way in question.ways:
            async with asyncio.timeout(PATIENCE_SECONDS):
                answer = await self.sends(question.document, way, accept="text/event-stream")
            yield read(answer.text)

    async def sends(self, document: str, variables: Way, **headers: str) -> httpx2.Response:
        """Send one operation."""
        body = {"query": document, "variables": variables}
        return await self.client.post("/graphql", json=body, headers=headers)


@asynccontextmanager
async def visiting(person: Person, **headers: str) -> AsyncIterator[Visit]:
    """Let somebody in."""
    bearer = {"authorization": f"Bearer {person.token}"} if person.token else {}
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=person.app),
        base_url="http://127.0.0.1",
        headers=person.headers | bearer | headers,
    ) as client:
        yield Visit(client)


async def understood(visit: Visit, questions: Iterable[Question]) -> list[Question]:
    """Take questions in two until the server takes them: what cannot be told apart is asked apart."""
    found = []
    for question in questions:
        answer = await visit.sends(question.document, question.ways[0])
        if _is_invalid(answer.json()):
            assert len(question.trails) > 1, answer.text
            found += await understood(visit, question.halves())
        else:
            found.append(question)
    return found


def _left(way: Way, name: str, answer: dict[str, Any]) -> Way | None:
    """Leave out what is null whatever one selects of it: what was refused as a whole, or is not the visitor's."""
    shown, ids = (answer.get("data") or {}).get(name), way.get("ids")
    is_whole = all(len(error.get("path", ())) <= 1 for error in answer.get("errors", ()))
    if not is_whole:
        return way
    if shown is None:
        return None
    if not isinstance(ids, list):
        return way
    return {**way, "ids": [id for id, each in zip(ids, shown, strict=True) if each is not None]}


def _is_invalid(answer: dict[str, Any]) -> bool:
    codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
    return "GRAPHQL_VALIDATION_FAILED" in codes


def read(text: str) -> str:
    """Read an answer, with what its cursors hide."""
    marks = (base64.urlsafe_b64decode(f"{mark}===").decode() for mark in MARK.findall(text))
    return " ".join([text, *marks]).lower()
