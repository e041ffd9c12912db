"""The page that the link for opening a locked sign-in leads to."""

from http import HTTPStatus

from starlette.responses import Response

from app.domain import throttling, unlock_links
from app.domain.links import LinkExpired
from app.domain.refusals import InvalidInput, Refusal
from app.web.visits import Visit


async def show(visit: Visit) -> Response:
    """Ask whether to open the sign-in."""
    return await _page(visit)


async def answer(visit: Visit) -> Response:
    """Open the sign-in."""
    try:
        await _act(visit)
    except LinkExpired:
        return _expired(visit)
    except Refusal as no:
        return await _page(visit, no)
    return visit.shown("unlocked.html", {})


async def _act(visit: Visit) -> None:
    if visit.act != "unlock":
        raise InvalidInput("Use the button of this page.")
    await throttling.unlock(visit.context.call, visit.token)


async def _page(visit: Visit, no: Refusal | None = None) -> Response:
    if not await unlock_links.is_valid(visit.token):
        return _expired(visit)
    return visit.shown("unlock.html", {}, no)


def _expired(visit: Visit) -> Response:
    return visit.shown("expired.html", {"purpose": "unlock"}, status=HTTPStatus.GONE)
