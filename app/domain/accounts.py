"""Accounts: making one, and choosing which to work in."""

from app.domain import audit, texts
from app.domain.acting import Acting, place_of
from app.domain.acts import act, still
from app.domain.audit import Deed, Target
from app.domain.refusals import NotAMember
from app.domain.viewers import Viewer
from models import (
    EVERYTHING,
    NO_ACCOUNT,
    Account,
    AuditAction,
    Membership,
    Relationship,
    Session,
    key,
)

NAME_LIMIT = 200


async def create(viewer: Viewer, name: str, email: str) -> Acting:
    """Make an account that the viewer owns."""
    shown = texts.name(name, NAME_LIMIT, "name")
    address = texts.address(email, "email")

    async with act(viewer.call) as under_way:
        await still(viewer)
        id, user, now = key.mint("acc"), viewer.user, under_way.now
        await under_way.begin_chain(id)
        account = await Account.create(
            id=id,
            name=shown,
            name_key=shown.casefold(),
            email=address.shown,
            owner_id=user.id,
            created_at=now,
        )
        membership = await Membership.create(
            account_id=id, user_id=user.id, granted=EVERYTHING, joined_at=now, last_active_at=now
        )
        who = audit.person(viewer, Relationship.OWNER)
        await under_way.record(id, who, Deed(AuditAction.ACCOUNT_CREATED, (target(account),)))
        under_way.topics.add(user.id)
    return Acting(viewer, account, membership)


async def switch(viewer: Viewer, account_id: str | None) -> Acting | None:
    """Choose the session's default account; None clears it. Tabs that name an account in each request do not notice."""
    if account_id is None:
        await _clear(viewer)
        return None
    seen = texts.key("acc", account_id) and await place_of(viewer.user.id, account_id)
    if not seen:
        raise NotAMember("accountId")
    Acting.at(viewer, seen).enter()  # who is not let in does not even get at the account's lock

    async with act(viewer.call, account_id) as under_way:
        place = await place_of((await still(viewer)).user.id, account_id)
        if place is None:
            raise NotAMember("accountId")
        acting = Acting.at(viewer, place)
        acting.enter()
        await _choose(viewer, account_id)
        deed = Deed(AuditAction.ACCOUNT_SWITCHED, (target(acting.account),))
        await under_way.record(account_id, audit.person(viewer), deed)
        under_way.topics.add(viewer.session.id)
    return acting


async def _clear(viewer: Viewer) -> None:
    async with act(viewer.call, NO_ACCOUNT) as under_way:
        await _choose(await still(viewer), None)
        who = audit.person(viewer)
        await under_way.record(NO_ACCOUNT, who, Deed(AuditAction.ACCOUNT_SWITCHED))
        under_way.topics.add(viewer.session.id)


async def _choose(viewer: Viewer, account_id: str | None) -> None:
    await Session.filter(id=viewer.session.id).update(account_id=account_id)


def target(account: Account) -> Target:
    """Name an account in the log."""
    return Target(account.id, "Account", account.name)
