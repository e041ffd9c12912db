"""The server's own pages, for who follows a link from a mail where there is no front end."""

from starlette.routing import BaseRoute

from app.web.callers import Callers


def routes(callers: Callers) -> list[BaseRoute]:
    """List the pages."""
    return []
