"""The web application: the one module that knows all the others."""

import asyncio
import contextvars
import logging
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TypeAlias

import typer
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route, WebSocketRoute
from tortoise import connections

from app.database import listening
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
from resolvers.schema import schema

Job: TypeAlias = Callable[[], Coroutine[object, object, None]]
RESTART_SECONDS = 1.0
log = logging.getLogger(__name__)


class Application(Starlette):
    """Everything that is served, with what has to be told before it stops."""

    def __init__(self, settings: Settings, *, sends_mail: bool = True) -> None:
        self.site = Site(settings)
        self.sends_mail = sends_mail
        callers = Callers(self.site)
        self.endpoint = Endpoint(schema, callers.context, settings, Rules(page=graphiql.page))
        super().__init__(
            routes=[
                Route("/graphql", self.endpoint),
                WebSocketRoute("/graphql", self.endpoint),
                *graphiql.routes,
                *health.routes(self.is_ready),
                *pages.routes(callers),
            ],
            middleware=[Middleware(Edge)],
            exception_handlers={HTTPException: refusing.unknown_path},
            lifespan=_lifespan,
        )
        self.router.redirect_slashes = (
            False  # a redirect would be built from what a request says of its host
        )

    async def is_ready(self) -> bool:
        """Whether new work would be done: the database answers, and we are not about to stop."""
        await connections.get("default").execute_query("SELECT 1")
        return not self.endpoint.stopping.is_set()

    async def leave(self) -> None:
        """End the streams, and finish what was begun: the server is about to stop."""
        self.endpoint.leave()
        await self.endpoint.finish()


def create_app(settings: Settings, *, sends_mail: bool = True) -> Application:
    """Build the application; the database is opened when it starts."""
    return Application(settings, sends_mail=sends_mail)


def transport_of(settings: Settings) -> Transport:
    """Choose where mail goes: to the mail server, or while none is set, into files."""
    if settings.smtp_url is not None:
        return MailServer(settings.smtp_url)
    return Outbox(settings.data_dir / "outbox", settings.app_url, typer.echo)


async def _kept_up(job: Job) -> None:
    """Begin a job again whenever it fails: the database may be away for a while."""
    while True:
        try:
            await job()
        except Exception:  # whatever it is, the rest goes on
            log.warning("Work in the background has failed, and begins again.", exc_info=True)
        await asyncio.sleep(RESTART_SECONDS)


@asynccontextmanager
async def _lifespan(app: Application) -> AsyncIterator[None]:
    site, settings = app.site, app.site.settings
    postman = Postman(site, transport_of(settings))
    jobs: list[Job] = [lambda: activity.keep(site), cleaning.keep]
    if app.sends_mail:
        jobs.append(postman.work)
    if not settings.is_sqlite:
        jobs.append(lambda: listening.listen(site.hub.publish, site.hub.publish_all))
    async with opened(
        settings.database_url,
        pool_size=settings.database_pool_size,
        synchronous=settings.sqlite_synchronous,
    ):
        # Work that outlives a request must not be born inside one of its transactions.
        outside = contextvars.copy_context()
        tasks = [asyncio.create_task(_kept_up(job), context=outside.copy()) for job in jobs]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await postman.finish()
            await activity.write(site)
