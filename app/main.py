"""The web application: the one module that knows all the others."""

import asyncio
import contextvars
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import partial
from typing import Final, TypeAlias

import typer
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import WebSocketRoute
from starlette.types import Receive, Scope, Send
from tortoise import connections

from app.database import lasting, listening
from app.database.opening import opened
from app.domain import activity, cleaning
from app.domain.postman import Postman
from app.domain.site import Site
from app.kit.outbox import Outbox
from app.kit.settings import Settings
from app.kit.smtp import MailServer, Transport
from app.web import graphiql, health, pages, refusing
from app.web.callers import Callers
from app.web.edge import Edge
from app.web.endpoint import Endpoint, Rules
from app.web.leaving import Leaving
from resolvers.schema import schema

GRAPHQL: Final = "/graphql"
ABANDONING = 1.0  # seconds in which what is not finished is taken back

Work: TypeAlias = Callable[[], Coroutine[object, object, None]]


class Application(Starlette):
    """Everything that is served, with what has to be told before it stops."""

    def __init__(self, settings: Settings, *, sends_mail: bool = True) -> None:
        self.site = Site(settings)
        self.sends_mail = sends_mail
        self.postman = Postman(self.site, transport_of(settings))
        callers = Callers(self.site)
        self.endpoint = Endpoint(schema, callers.context, settings, Rules(page=graphiql.page))
        super().__init__(
            routes=[
                WebSocketRoute(GRAPHQL, self.endpoint),
                *graphiql.routes,
                *health.routes(self.is_ready),
                *pages.routes(callers),
            ],
            middleware=[Middleware(Edge), Middleware(Leaving, self.endpoint.stopping.is_set)],
            exception_handlers={HTTPException: refusing.unknown_path},
            lifespan=_lifespan,
        )
        self.router.redirect_slashes = (
            False  # a redirect would be built from what a request says of its host
        )
        self.straight = Edge(Leaving(self.endpoint, self.endpoint.stopping.is_set))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; what nearly every request asks for needs no routes."""
        if scope["type"] == "http" and scope["path"] == GRAPHQL:
            await self.straight(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)

    async def is_ready(self) -> bool:
        """Whether new work would be done: the database answers, and we are not about to stop."""
        if self.endpoint.stopping.is_set():
            return False
        await connections.get("default").execute_query("SELECT 1")
        return True

    async def leave(self) -> None:
        """End the streams, begin nothing more, and finish what was begun: the server is about to stop."""
        self.endpoint.leave()
        await asyncio.gather(self.endpoint.finish(), self.postman.leave())

    async def abandon(self) -> None:
        """Take back what could not be finished in time."""
        await self.endpoint.close(ABANDONING)


def create_app(settings: Settings, *, sends_mail: bool = True) -> Application:
    """Build the application; the database is opened when it starts."""
    return Application(settings, sends_mail=sends_mail)


def transport_of(settings: Settings) -> Transport:
    """Choose where mail goes: to the mail server, or while none is set, into files."""
    if settings.smtp_url is not None:
        return MailServer(settings.smtp_url)
    return Outbox(settings.data_dir / "outbox", settings.app_url, typer.echo)


@asynccontextmanager
async def _lifespan(app: Application) -> AsyncIterator[None]:
    site, settings = app.site, app.site.settings
    jobs: list[Work] = [partial(activity.keep, site), partial(cleaning.keep, site)]
    if app.sends_mail:
        jobs.append(app.postman.work)
    if not settings.is_sqlite:
        jobs.append(partial(listening.listen, site.hub.publish, site.hub.publish_all))
    async with opened(
        settings.database_url,
        pool_size=settings.database_pool_size,
        synchronous=settings.sqlite_synchronous,
    ):
        # Work that outlives a request must not be born inside one of its transactions.
        outside = contextvars.copy_context()
        tasks = [asyncio.create_task(lasting.go_on(job), context=outside.copy()) for job in jobs]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await app.abandon()
            with lasting.lenient():
                await app.postman.give_back()
                await activity.write(site)
