"""Somebody at work in the application, and what an answer says of the database."""

import asyncio
import time
from dataclasses import dataclass
from typing import Any

import httpx2

from app.main import Application
from tests.stage import REPLY, Person, account_of, register
from tests.test_tickets import opened_by

ME = "{ me { id } }"


@dataclass
class Site:
    """Who asks, and about what."""

    app: Application
    ann: Person
    acme: str
    ticket: str

    async def replies(self, body: str) -> httpx2.Response:
        """Change something."""
        return await self.ann.sends(REPLY, input={"ticketId": self.ticket, "body": body})

    async def asks(self) -> httpx2.Response:
        """Look at something."""
        return await self.ann.sends(ME)

    async def health(self) -> tuple[int, int]:
        """Ask whether the server lives, and whether it can work."""
        live, ready = [await visited(self.app, f"/health/{name}") for name in ("live", "ready")]
        return live.status_code, ready.status_code

    async def is_well(self) -> bool:
        """Tell whether reading and writing work."""
        return works(await self.asks()) and works(await self.replies("after"))


async def visited(app: Application, path: str) -> httpx2.Response:
    """Open a page."""
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        return await client.get(path)


async def entered(app: Application) -> Site:
    """Bring Ann on stage with a ticket, and use as many connections as are ever used."""
    ann = await register(app, "Ann")
    acme = await account_of(ann, "Acme")
    found = Site(app, ann, acme, await opened_by(ann))
    await asyncio.gather(*(found.asks() for _ in range(40)))
    return found


def works(answer: httpx2.Response) -> bool:
    """Tell whether an answer is as if nothing had happened."""
    return answer.status_code == 200 and "errors" not in answer.json()


def is_coded(answer: httpx2.Response) -> bool:
    """Tell whether an answer says that the database is away, and when to come back."""
    content: dict[str, Any] = answer.json()
    codes = {error["extensions"]["code"] for error in content["errors"]}
    is_unavailable = (answer.status_code, codes) == (503, {"UNAVAILABLE"})
    return is_unavailable and answer.headers["retry-after"] == "5"


async def returned(site: Site) -> float:
    """Wait until everything works again, and return how long that took."""
    begun = time.monotonic()
    while not await site.is_well():
        await asyncio.sleep(0.05)
    return time.monotonic() - begun
