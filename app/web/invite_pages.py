"""The page that an invite's link leads to."""

from http import HTTPStatus

from starlette.responses import Response

from app.domain import declining, invite_links, invites, joining
from app.domain.invite_links import Preview, Reference, ViewerMatch
from app.domain.invites import AlreadyAMember, InviteNotPending
from app.domain.joining import Acceptance
from app.domain.refusals import InvalidInput, Refusal
from app.kit import addresses
from app.web import page_views
from app.web.visits import Visit
from resolvers.carriers import SessionTransport


async def show(visit: Visit) -> Response:
    """Show what is offered, and the forms that answer it."""
    seen = await invite_links.preview(visit.context.found, visit.token)
    return _page(visit, seen)


async def answer(visit: Visit) -> Response:
    """Accept or decline, then show what came of it; what was done already is shown as done."""
    try:
        await _act(visit)
    except Refusal as no:
        return await _refused(visit, no)
    return visit.back("?answered")


async def _act(visit: Visit) -> None:
    context, reference = visit.context, Reference(visit.token)
    match visit.act:
        case "decline":
            await declining.decline(context.call, context.found, reference)
        case "accept" | "login" | "register":
            await _accept(visit)
        case _:
            raise InvalidInput("Use one of the buttons of this page.")


async def _accept(visit: Visit) -> None:
    context = visit.context
    context.admit_transport(SessionTransport.COOKIE)
    registration = visit.registration
    acceptance = Acceptance(
        reference=Reference(visit.token),
        credentials=None if registration else visit.credentials,
        registration=registration,
        confirms_other_email="confirm" in visit.form,
    )
    joined = await joining.accept(context.call, context.found, acceptance)
    if joined.opened is not None:
        await context.hand_over(joined.opened, SessionTransport.COOKIE)


async def _refused(visit: Visit, no: Refusal) -> Response:
    context = visit.context
    await context.prepare()
    seen = await invite_links.preview(context.found, visit.token)
    try:
        if seen is not None and await _was_done(visit, seen, no):
            return visit.back()
    except Refusal as wrong:
        return _page(visit, seen, wrong)
    return _page(visit, seen, no)


async def _was_done(visit: Visit, seen: Preview, no: Refusal) -> bool:
    """Tell whether the visitor has joined before, as by a second click; who had to sign in for that is signed in."""
    is_used = invites.status_of(seen.invite) == "ACCEPTED"
    if visit.act == "decline" or not (is_used or isinstance(no, AlreadyAMember)):
        return False
    if visit.credentials is None:
        return seen.match is ViewerMatch.ALREADY_A_MEMBER
    await visit.sign_in(visit.credentials)
    return True


def _page(visit: Visit, seen: Preview | None, no: Refusal | None = None) -> Response:
    if seen is None:
        return page_views.invalid_link()
    status, facts = invites.status_of(seen.invite), _facts(seen)
    if status == "PENDING":
        return visit.shown("invite.html", facts, no)
    if seen.match is ViewerMatch.ALREADY_A_MEMBER:
        return visit.shown("member.html", facts, no)
    told = None if isinstance(no, InviteNotPending) else no
    code = HTTPStatus.OK if visit.answered else HTTPStatus.GONE
    return visit.shown("closed.html", facts, told, code)


def _facts(seen: Preview) -> dict[str, object]:
    invite, ways = seen.invite, ("login", "register")
    return {
        "invite": invite,
        "state": invites.status_of(invite),
        "account": invite.account.name,
        "masked": addresses.mask(invite.email),
        "match": seen.match,
        "membership": seen.membership,
        "can_confirm": invite.account.invite_email_match == "CONFIRM",
        "acts": ways if seen.has_user else ways[::-1],
    }
