"""The page that the link for verifying an address leads to."""

from http import HTTPStatus

from starlette.responses import Response

from app.domain import verification
from app.domain.links import LinkExpired
from app.domain.refusals import InvalidInput, Refusal
from app.domain.sessions import Credentials
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
            await _sign_in(visit, visit.credentials)
        case "confirm":
            await verification.confirm(context.viewer, visit.token)
        case "again" if not _is_changing(visit):
            await verification.request(context.viewer)
        case _:
            raise InvalidInput("Use one of the buttons of this page.")


async def _sign_in(visit: Visit, credentials: Credentials) -> None:
    try:
        await visit.sign_in(credentials, verifies=True)
    except LinkExpired:
        # It is their own browser all the same: there they see that no link is needed, or ask for one.
        if credentials.proof is None:  # a code works once
            await visit.sign_in(credentials)
        raise


async def _refused(visit: Visit, no: Refusal) -> Response:
    await visit.context.prepare()
    if isinstance(no, LinkExpired) and _is_done(visit):
        return visit.back()  # by this very link, as after a second click, or by another
    return _page(visit, no)


def _page(visit: Visit, no: Refusal | None = None) -> Response:
    if _is_done(visit):
        return visit.shown("verified.html", {}, no)
    is_over = isinstance(no, LinkExpired)
    status = HTTPStatus.GONE if is_over else HTTPStatus.OK
    return visit.shown("verify.html", {"is_over": is_over}, no, status)


def _is_done(visit: Visit) -> bool:
    viewer = visit.context.found
    is_verified = viewer is not None and viewer.user.email_verified_at is not None
    return is_verified and not _is_changing(visit)


def _is_changing(visit: Visit) -> bool:
    viewer = visit.context.found
    return viewer is not None and viewer.user.pending_email is not None
