"""Accepting an invite: signed in, or signing in or registering in the same act; all of it happens, or nothing."""

from app.domain import emails, invite_links, invites, offers, sessions, users, verification
from app.domain.acts import Act, act, still
from app.domain.audit import Deed, Target, Who
from app.domain.calls import Call
from app.domain.emails import Mail
from app.domain.invite_links import Reference
from app.domain.invites import AlreadyAMember
from app.domain.refusals import AccountClosed, ErrorCode, Refusal, SignInRequired
from app.domain.sessions import Credentials, Known, Opened
from app.domain.users import Registration
from app.domain.viewers import Viewer
from app.kit import addresses
from app.kit.frozen import frozen
from models import (
    Account,
    AccountStatus,
    ActorKind,
    AuditAction,
    Invite,
    InviteEmailMatch,
    InviteStatus,
    Membership,
    MembershipStatus,
    Relationship,
    Session,
    User,
)


class InviteEmailMismatch(Refusal):
    """Who accepts has another address than was invited."""

    code = ErrorCode.INVITE_EMAIL_MISMATCH
    says = "This invite was sent to {masked}, and you are {email}."

    def __init__(self, masked: str, email: str, *, can_confirm: bool) -> None:
        super().__init__(masked=masked, email=email)
        self.masked, self.email, self.can_confirm = masked, email, can_confirm


@frozen
class Acceptance:
    """How an invite is accepted: by whom, if not by who is signed in, and whether under another address."""

    reference: Reference
    credentials: Credentials | None = None
    registration: Registration | None = None
    confirms_other_email: bool = False
    switches: bool = True


@frozen
class Joined:
    """A membership that came of an invite, and the session that was made on the way, if one was."""

    account: Account
    membership: Membership
    opened: Opened | None


async def accept(call: Call, viewer: Viewer | None, acceptance: Acceptance) -> Joined:
    """Join an account by an invite, with exactly the permissions that were offered."""
    seen = await invite_links.find(viewer, acceptance.reference)
    invites.refuse_unless_answerable(seen)
    known = await _who(call, viewer, acceptance, seen)
    user = known.user

    async with act(call, seen.account_id) as under_way:
        if viewer is not None and not _signs_in(acceptance):
            await still(viewer)
        invite = await invite_links.held(seen)
        _admit(invite, user, acceptance)
        await _welcome(under_way, invite, user, is_new=acceptance.registration is not None)
        membership = await _membership(under_way, invite, user)
        await _close(under_way, invite, user)
        await _record(under_way, invite, membership, user)
        await _tell_inviter(under_way, invite, user)
        opened = await _session(under_way, known, acceptance)
        if acceptance.switches:
            session_id = opened.session.id if opened else viewer and viewer.session.id
            await Session.filter(id=session_id).update(account_id=invite.account_id)
        under_way.topics.update({user.id, f"mail:{invite.email_key}"})
    return Joined(invite.account, membership, opened)


def _signs_in(acceptance: Acceptance) -> bool:
    return acceptance.credentials is not None or acceptance.registration is not None


async def _who(call: Call, viewer: Viewer | None, acceptance: Acceptance, seen: Invite) -> Known:
    if (registration := acceptance.registration) is not None:
        return Known(await users.prepare(call, registration, invited=seen.email_key))
    if acceptance.credentials is not None:
        known = await sessions.authenticate(call, acceptance.credentials)
        sessions.require_factor(known)
        return known
    if viewer is None:
        raise SignInRequired
    return Known(viewer.user)


def _admit(invite: Invite, user: User, acceptance: Acceptance) -> None:
    account = invite.account
    if account.status is AccountStatus.CLOSED:
        raise AccountClosed
    if user.email_key != invite.email_key:
        may = account.invite_email_match is InviteEmailMatch.CONFIRM
        if not (may and acceptance.confirms_other_email):
            raise InviteEmailMismatch(addresses.mask(invite.email), user.email, can_confirm=may)
    offers.admit_user(account, user, is_invited=user.email_key == invite.email_key)


async def _welcome(under_way: Act, invite: Invite, user: User, *, is_new: bool) -> None:
    """Save a new user; whoever came by the mail that was sent to their address has proved it."""
    if is_new:
        await users.add(under_way, user)
    if user.email_key == invite.email_key:
        await verification.mark(under_way, user)
    elif is_new:
        await verification.send(under_way, user)


async def _membership(under_way: Act, invite: Invite, user: User) -> Membership:
    mine = await Membership.get_or_none(account_id=invite.account_id, user_id=user.id)
    if mine is not None and mine.status is not MembershipStatus.ENDED:
        raise AlreadyAMember
    membership = mine or Membership(
        account_id=invite.account_id,
        user_id=user.id,
        joined_at=under_way.now,
        version=0,
        last_active_at=under_way.now,
    )
    membership.update_from_dict(
        {
            "status": MembershipStatus.ACTIVE,
            "granted": invite.granted,
            "expires_at": invite.membership_expires_at,
            "invited_by_id": invite.invited_by_id,
            "invited_by_operator_id": invite.invited_by_operator_id,
            "inviter_name": invite.inviter_name,
            "ended_at": None,
            "version": membership.version + 1,
        }
    )
    await membership.save()
    return membership


async def _close(under_way: Act, invite: Invite, user: User) -> None:
    invite.status, invite.responded_at = InviteStatus.ACCEPTED, under_way.now
    invite.accepted_by_id = user.id
    await invite.save(update_fields=["status", "responded_at", "accepted_by_id"])


async def _record(under_way: Act, invite: Invite, membership: Membership, user: User) -> None:
    targets = (
        Target(invite.id, "Invite", invite.email),
        Target(membership.id, "Membership", user.display_name),
    )
    who = Who(
        ActorKind.USER,
        user.id,
        user.display_name,
        Relationship.AUTHORIZED_USER,
        via=under_way.call.via,
    )
    await under_way.record(invite.account_id, who, Deed(AuditAction.INVITE_ACCEPTED, targets))
    if membership.version > 1:
        deed = Deed(AuditAction.MEMBERSHIP_REINSTATED, targets[1:])
        await under_way.record(invite.account_id, who, deed)


async def _tell_inviter(under_way: Act, invite: Invite, user: User) -> None:
    inviter = await User.get_or_none(id=invite.invited_by_id) if invite.invited_by_id else None
    if inviter is None or user.email_key == invite.email_key:
        return
    facts = {
        "name": inviter.display_name,
        "account": invite.account.name,
        "invited": invite.email,
        "joined_name": user.display_name,
        "joined": user.email,
    }
    mail = Mail(
        "invite_accepted_by_other_address", inviter.email, inviter.locale, facts, invite.account_id
    )
    await emails.queue(under_way, mail)


async def _session(under_way: Act, known: Known, acceptance: Acceptance) -> Opened | None:
    if acceptance.registration is not None:
        return await users.first_session(under_way, known.user)
    if acceptance.credentials is not None:
        remember = acceptance.credentials.remember
        return await sessions.open_session(under_way, known, remember=remember)
    return None
