"""The page that the link for verifying an address leads to."""

from http import HTTPStatus

from starlette.responses import Response

from app.domain import verification
from app.domain.refusals import InvalidInput, Refusal
from app.domain.verification import LinkExpired
from app.web.visits import Visit


async def show(visit: Visit) -> Response:
    """Ask whether the address is the visitor's own; the link is not looked up until they say so."""
    return _page(visit)


async def answer(visit: Visit) -> Response:
    """Verify the address, in the session of the user who asked or signing in now; or mail a new link."""
    try:
        await _act(visit)
    except Refusal as no:
        return await _refused(visit, no)
    return visit.back("?answered")


async def _act(visit: Visit) -> None:
    context = visit.context
    match visit.act:
        case "login" if visit.credentials is not None:
            await visit.sign_in(visit.credentials)
            await verification.confirm(context.viewer, visit.token)
        case "confirm":
            await verification.confirm(context.viewer, visit.token)
        case "again":
            await verification.request(context.viewer)
        case _:
            raise InvalidInput("Use one of the buttons of this page.")


async def _refused(visit: Visit, no: Refusal) -> Response:
    await visit.context.prepare()
    if isinstance(no, LinkExpired) and _is_verified(visit):
        return visit.back()  # by this very link, as after a second click, or by another
    return _page(visit, no)


def _page(visit: Visit, no: Refusal | None = None) -> Response:
    if _is_verified(visit):
        return visit.shown("verified.html", {}, no)
    is_over = isinstance(no, LinkExpired)
    status = HTTPStatus.GONE if is_over else HTTPStatus.OK
    return visit.shown("verify.html", {"is_over": is_over}, no, status)


def _is_verified(visit: Visit) -> bool:
    viewer = visit.context.found
    return viewer is not None and viewer.user.email_verified_at is not None
