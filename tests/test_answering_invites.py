"""Answering an invite: looking at it, accepting, declining, and being invited again."""

import asyncio
from datetime import timedelta

import pytest

from app.kit import clock
from app.main import Application
from models import AuditEvent, Email, Invite, Membership, Session, User
from tests.stage import (
    ACCEPT,
    INVITE,
    PASSWORD,
    Person,
    link_in,
    register,
    wait_a_minute,
)
from tests.test_invites import DECLINE, PREVIEW, RESEND, REVOKE, codes, invited

MINE = "{ me { invites { nodes { id account { name } invitedBy { displayName } } totalCount } } }"


async def test_looking_changes_nothing_and_the_later_click_works(
    ann: Person, acme: str, nobody: Person
) -> None:
    await invited(ann, "bob@x.example")
    token = await link_in("bob@x.example", "invite")
    row = await Invite.get().values()

    for _ in range(20):
        assert (await nobody.asks(PREVIEW, token=token))["invitePreview"]["status"] == "PENDING"

    assert await Invite.get().values() == row
    bob = Person(nobody.app, "Bob")
    assert (await bob.does(ACCEPT, token=token, **as_new("Bob")))["errors"] == []


def as_new(name: str, **other: object) -> dict[str, object]:
    """Register in the same call."""
    registration = {
        "email": f"{name.lower()}@x.example",
        "password": PASSWORD,
        "firstName": name,
        "lastName": "Example",
        **other,
    }
    return {"as": {"register": registration}}


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"password": "short"}, "PASSWORD_TOO_WEAK"),
        ({"firstName": "\u200b"}, "INVALID_INPUT"),
        ({"email": "someone.else@x.example"}, "INVITE_EMAIL_MISMATCH"),
        ({"email": "ann@x.example"}, "EMAIL_TAKEN"),
    ],
)
async def test_a_refused_accept_leaves_no_user_no_session_and_the_invite_as_it_was(
    ann: Person, acme: str, nobody: Person, other: dict[str, object], code: str
) -> None:
    await invited(ann, "bob@x.example")
    token = await link_in("bob@x.example", "invite")
    before = (await Invite.get().values(), await User.all().count(), await Session.all().count())

    answer = await nobody.does(ACCEPT, token=token, **as_new("Bob", **other))

    assert [error["code"] for error in answer["errors"]] == [code]
    assert answer["sessionToken"] is None
    after = (await Invite.get().values(), await User.all().count(), await Session.all().count())
    assert after == before


async def test_signing_in_and_accepting_in_one_call(
    ann: Person, acme: str, app: Application
) -> None:
    bob = await register(app, "Bob")
    await invited(ann, bob.email)
    token = await link_in(bob.email, "invite")
    login = {"email": bob.email, "password": "wrong password"}

    wrong = await Person(app).does(ACCEPT, token=token, **{"as": {"login": login}})
    right = await Person(app).does(
        ACCEPT, token=token, **{"as": {"login": {**login, "password": PASSWORD}}}
    )

    assert [error["code"] for error in wrong["errors"]] == ["INVALID_CREDENTIALS"]
    assert right["errors"] == []
    assert right["sessionToken"]
    assert right["me"]["emailVerifiedAt"] is not None


async def test_someone_else_has_to_confirm_and_the_inviter_is_told(
    app: Application, ann: Person, acme: str
) -> None:
    carol = await register(app, "Carol")
    await invited(ann, "bob@x.example")
    token = await link_in("bob@x.example", "invite")

    (error,) = (await carol.does(ACCEPT, token=token))["errors"]
    assert error["code"] == "INVITE_EMAIL_MISMATCH"
    assert (error["maskedEmail"], error["viewerEmail"], error["canConfirm"]) == (
        "b•••@x.example",
        "carol@x.example",
        True,
    )
    confirmed = await carol.does(ACCEPT, token=token, confirmDifferentEmail=True)
    assert confirmed["errors"] == []
    assert confirmed["me"]["emailVerifiedAt"] is None
    assert await Email.exists(recipient="ann@x.example", kind="invite_accepted_by_other_address")


async def test_of_two_who_accept_at_once_exactly_one_wins(
    app: Application, ann: Person, acme: str
) -> None:
    bob, carol = await register(app, "Bob"), await register(app, "Carol")
    await invited(ann, "bob@x.example")
    token = await link_in("bob@x.example", "invite")

    answers = await asyncio.gather(
        codes(bob, ACCEPT, token=token),
        codes(carol, ACCEPT, token=token, confirmDifferentEmail=True),
        codes(bob, ACCEPT, token=token),
    )

    assert sorted(answers) == [[], ["INVITE_NOT_PENDING"], ["INVITE_NOT_PENDING"]]
    assert await Membership.filter(account_id=acme).count() == 2


async def test_pending_invites_are_listed_for_a_verified_address_only(
    app: Application, ann: Person, acme: str
) -> None:
    bob = await register(app, "Bob")
    id = await invited(ann, "BOB@x.example")
    assert (await bob.asks(MINE))["me"]["invites"] == {"nodes": [], "totalCount": 0}
    assert await codes(bob, ACCEPT, inviteId=id) == ["EMAIL_NOT_VERIFIED"]
    await User.filter(id=bob.id).update(email_verified_at=clock.now())

    listed = (await bob.asks(MINE))["me"]["invites"]
    assert listed == {
        "nodes": [
            {"id": id, "account": {"name": "Acme"}, "invitedBy": {"displayName": "Ann Example"}}
        ],
        "totalCount": 1,
    }
    assert await codes(bob, ACCEPT, inviteId=id) == []
    assert await codes(ann, INVITE, email="bOb@x.EXAMPLE", permissions=["TICKETS"]) == [
        "ALREADY_A_MEMBER"
    ]


async def test_declining_tells_the_inviter(ann: Person, acme: str, nobody: Person) -> None:
    await invited(ann, "bob@x.example")
    token = await link_in("bob@x.example", "invite")

    assert (await nobody.does(DECLINE, token=token))["preview"] == {"status": "DECLINED"}
    assert await codes(nobody, DECLINE, token=token) == ["INVITE_NOT_PENDING"]
    assert await codes(nobody, DECLINE, token="x" * 43) == ["NOT_FOUND"]
    assert await Email.filter(recipient="ann@x.example", kind="invite_declined").count() == 1


@pytest.mark.parametrize("end", ["EXPIRED", "DECLINED", "REVOKED", "removed"])
async def test_after_every_end_one_can_be_invited_again(
    app: Application, ann: Person, acme: str, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = await register(app, "Bob")
    id = await invited(ann, bob.email)
    old = await link_in(bob.email, "invite")
    member = await _end(ann, bob, id, old, end)
    wait_a_minute(monkeypatch)

    await invited(ann, bob.email, "PRODUCTS")
    assert await codes(bob, ACCEPT, token=old) == [
        "NOT_FOUND" if end == "EXPIRED" else "INVITE_NOT_PENDING"
    ]
    joined = await bob.does(ACCEPT, token=await link_in(bob.email, "invite"))

    assert joined["errors"] == []
    assert joined["membership"]["permissions"] == ["PRODUCTS"]
    if member is not None:
        assert joined["membership"]["id"] == member
        assert await AuditEvent.exists(action="MEMBERSHIP_REINSTATED")


async def _end(ann: Person, bob: Person, id: str, token: str, end: str) -> str | None:
    if end == "EXPIRED":
        await Invite.filter(id=id).update(expires_at=clock.now() - timedelta(seconds=1))
        assert await codes(bob, ACCEPT, token=token) == ["LINK_EXPIRED"]
        assert await codes(bob, DECLINE, token=token) == ["LINK_EXPIRED"]
        assert await codes(ann, RESEND, inviteId=id) == ["INVITE_NOT_PENDING"]
    elif end == "DECLINED":
        await bob.does(DECLINE, token=token)
    elif end == "REVOKED":
        await ann.does(REVOKE, inviteId=id)
    else:
        member = (await bob.does(ACCEPT, token=token))["membership"]["id"]
        await ann.does(
            "mutation ($input: RevokeMembershipInput!) { revokeMembership(input: $input) { errors { code } } }",
            membershipId=member,
        )
        return str(member)
    return None


async def test_what_the_link_shows_to_members_and_others(
    ann: Person, acme: str, eve: Person
) -> None:
    await invited(ann, "bob@x.example")
    token = await link_in("bob@x.example", "invite")

    assert (await ann.asks(PREVIEW, token=token))["invitePreview"] == {
        "status": "PENDING",
        "viewerMatch": "ALREADY_A_MEMBER",
        "hasUser": False,
        "account": {"name": "Acme"},
    }
    seen = (await eve.asks(PREVIEW, token=token))["invitePreview"]
    assert (seen["viewerMatch"], seen["account"]) == ("DIFFERENT_EMAIL", None)
    assert (await eve.asks(PREVIEW, token="unknown"))["invitePreview"] is None
