"""The server's own pages, for who follows a link from a mail where there is no front end."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from app.web import invite_pages, page_views, reset_pages, unlock_pages, verification_pages
from app.web.callers import Callers
from app.web.doors import Door
from app.web.graphiql import Files
from resolvers.context import is_key

STYLE: Final = Mount("/pages", Files(directory=page_views.FOLDER / "static"))


def routes(callers: Callers) -> list[BaseRoute]:
    """List the pages."""
    door = Door(callers)
    return [
        door.route("/invite/{token}", invite_pages.show, invite_pages.answer),
        door.route("/verify-email/{token}", verification_pages.show, verification_pages.answer),
        door.route("/reset/{token}", reset_pages.show, reset_pages.answer),
        door.route("/unlock/{token}", unlock_pages.show, unlock_pages.answer),
        Route("/tickets/{id}", show_ticket),
        STYLE,
    ]


async def show_ticket(request: Request) -> Response:
    """Say how a ticket is read; it is not looked up, so nobody learns whether there is one."""
    ticket_id = request.path_params["id"]
    if not is_key("tkt", ticket_id):
        return page_views.invalid_link()
    return page_views.shown("ticket.html", ticket_id=ticket_id)
