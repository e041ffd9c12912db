"""The page that the link for a new password leads to."""

from http import HTTPStatus

from starlette.responses import Response

from app.domain import recovery
from app.domain.links import LinkExpired
from app.domain.recovery import Reset
from app.domain.refusals import InvalidInput, Refusal
from app.web.visits import Visit
from resolvers.carriers import SessionTransport


async def show(visit: Visit) -> Response:
    """Ask for the new password, and for what the link alone does not prove."""
    return await _page(visit)


async def answer(visit: Visit) -> Response:
    """Set the password; nobody is signed in by it, and everybody is signed out."""
    try:
        await _act(visit)
    except LinkExpired:
        return _expired(visit)
    except Refusal as no:
        return await _page(visit, no)
    # Not by a redirect: a page that said so to every GET would say so of any link.
    return visit.shown("reset_done.html", {})


async def _act(visit: Visit) -> None:
    if visit.act != "reset":
        raise InvalidInput("Use the button of this page.")
    context, form = visit.context, visit.form
    context.admit_transport(
        SessionTransport.COOKIE
    )  # no password is typed where none could be used
    given = Reset(
        token=visit.token,
        new_password=form.get("newPassword", ""),
        answer=form.get("securityAnswer"),
        proof=visit.proof,
    )
    await recovery.reset(context.call, given)
    await context.prepare()  # the visitor's own session has ended, too


async def _page(visit: Visit, no: Refusal | None = None) -> Response:
    asked = await recovery.preview(visit.token)
    if asked is None:
        return _expired(visit)
    return visit.shown("reset.html", {"asked": asked}, no)


def _expired(visit: Visit) -> Response:
    return visit.shown("expired.html", {"purpose": "reset"}, status=HTTPStatus.GONE)
