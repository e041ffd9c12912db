"""Invites as those see them who were invited: by the secret of the link, or by an own verified address."""

from enum import StrEnum

from app.domain import invites, texts
from app.domain.refusals import EmailNotVerified, InvalidInput, NotFound, SignInRequired
from app.domain.viewers import Viewer
from app.kit import secrets
from app.kit.frozen import frozen
from models import Invite, Membership, MembershipStatus, User


@frozen
class Reference:
    """How an invite is named by who was invited: by the secret from the mail, or by its id."""

    token: str | None = None
    invite_id: str | None = None


class ViewerMatch(StrEnum):
    """Whether an invite is for whoever looks at it."""

    SIGNED_OUT = "SIGNED_OUT"
    MATCHES = "MATCHES"
    DIFFERENT_EMAIL = "DIFFERENT_EMAIL"
    ALREADY_A_MEMBER = "ALREADY_A_MEMBER"


@frozen
class Preview:
    """What an invite shows to who holds its link."""

    invite: Invite
    has_user: bool
    match: ViewerMatch
    membership: Membership | None


async def by_token(token: str) -> Invite | None:
    """Find an invite by the secret of its link; looking changes nothing, mail scanners look too."""
    rows = Invite.filter(secret_digest=secrets.digest(token))
    return await rows.select_related("account").first()


async def preview(viewer: Viewer | None, token: str) -> Preview | None:
    """Say what an invite's link may show; None for an unknown one."""
    invite = await by_token(token)
    return await preview_of(viewer, invite) if invite else None


async def preview_of(viewer: Viewer | None, invite: Invite) -> Preview:
    """Say what an invite that was found may show."""
    mine = None
    if viewer is not None:
        mine = await Membership.get_or_none(account_id=invite.account_id, user_id=viewer.user.id)
    has_user = await User.exists(email_key=invite.email_key)
    return Preview(invite, has_user, _match(viewer, invite, mine), mine)


async def find(viewer: Viewer | None, reference: Reference) -> Invite:
    """Find the invite to answer: unknown secrets and other people's invites are alike."""
    if (reference.token is None) is (reference.invite_id is None):
        raise InvalidInput("Name the invite by `token` or by `inviteId`.", "token")
    if reference.token is not None:
        held = await by_token(reference.token)
        if held is None:
            raise NotFound("token", thing="invite")
        return held
    return await _own(viewer, reference.invite_id or "")


async def held(seen: Invite) -> Invite:
    """Read an invite again, under the lock: of two who answer at once, the second finds it used."""
    rows = Invite.filter(id=seen.id, secret_digest=seen.secret_digest)
    invite = await rows.select_related("account").first()
    if invite is None:
        raise NotFound("token", thing="invite")
    invites.refuse_unless_answerable(invite)
    return invite


def is_addressed(viewer: Viewer, invite: Invite) -> bool:
    """Whether an invite was sent to the viewer's own address, and that is proved to be theirs."""
    user = viewer.user
    return user.email_verified_at is not None and user.email_key == invite.email_key


async def _own(viewer: Viewer | None, invite_id: str) -> Invite:
    if viewer is None:
        raise SignInRequired
    row = None
    if texts.key("inv", invite_id) is not None:
        rows = Invite.filter(id=invite_id, email_key=viewer.user.email_key)
        row = await rows.select_related("account").first()
    if row is None:
        raise NotFound("inviteId", thing="invite")
    if not is_addressed(viewer, row):
        raise EmailNotVerified("inviteId", reason="only then are invites to it yours")
    return row


def _match(viewer: Viewer | None, invite: Invite, mine: Membership | None) -> ViewerMatch:
    if viewer is None:
        return ViewerMatch.SIGNED_OUT
    if mine is not None and mine.status is not MembershipStatus.ENDED:
        return ViewerMatch.ALREADY_A_MEMBER
    same = viewer.user.email_key == invite.email_key
    return ViewerMatch.MATCHES if same else ViewerMatch.DIFFERENT_EMAIL
