"""Inviting people, and answering."""

import asyncio
from datetime import timedelta

import pytest

from app.kit import clock
from app.main import Application
from models import AuditEvent, Email, Invite, InviteStatus, Membership, Session, User
from tests.stage import (
    ACCEPT,
    INVITE,
    PASSWORD,
    Person,
    account_of,
    join,
    link_in,
    register,
    wait_a_minute,
)

RESEND = """mutation ($input: ResendInviteInput!) { resendInvite(input: $input) {
  invite { sentCount status } errors { code path ... on RateLimitedError { retryAfterSeconds } } } }"""
REVOKE = """mutation ($input: RevokeInviteInput!) { revokeInvite(input: $input) {
  invite { status } errors { code } } }"""
DECLINE = """mutation ($input: DeclineInviteInput!) { declineInvite(input: $input) {
  preview { status } errors { code path } } }"""
PREVIEW = """query ($token: String!) { invitePreview(token: $token) {
  status viewerMatch hasUser account { name } } }"""
MINE = "{ me { invites { nodes { id account { name } invitedBy { displayName } } totalCount } } }"


async def invited(owner: Person, email: str, *permissions: str) -> str:
    """Invite an address, and return the id."""
    payload = await owner.does(INVITE, email=email, permissions=permissions or ("TICKETS",))
    assert payload["errors"] == []
    return payload["invite"]["id"]  # type: ignore[no-any-return]


async def codes(person: Person, mutation: str, **input: object) -> list[str]:
    """Send a mutation, and return the codes of its errors."""
    return [error["code"] for error in (await person.does(mutation, **input))["errors"]]


async def test_the_secret_is_in_the_mail_only(ann: Person, acme: str) -> None:
    await invited(ann, "bob@x.example")

    secret = await link_in("bob@x.example", "invite")
    row = await Invite.get()
    assert secret not in {row.secret_digest, row.id}
    assert len(secret) >= 43
    fields = (await ann.asks('{ __type(name: "Invite") { fields { name } } }'))["__type"]["fields"]
    assert not {field["name"] for field in fields} & {"secret", "token", "link", "secretDigest"}


async def test_a_member_without_the_right_cannot_invite(bob: Person) -> None:
    answer = await bob.does(INVITE, email="dora@x.example", permissions=["TICKETS"])

    assert answer["errors"] == [
        {
            "code": "FORBIDDEN",
            "message": "You may not do this here.",
            "path": [],
            "requires": ["MANAGE_USERS"],
        }
    ]
    assert not await Email.exists(recipient="dora@x.example")
    denied = await AuditEvent.get(outcome="DENIED")
    assert (denied.actor_id, denied.action) == (bob.id, "INVITE_SENT")


async def test_nobody_grants_more_than_they_hold_nor_user_management(
    app: Application, ann: Person, acme: str
) -> None:
    carol = await register(app, "Carol")
    await join(ann, carol, acme, "MANAGE_USERS", "TICKETS")

    for wanted, missing in (("INVOICES", ["INVOICES"]), ("MANAGE_USERS", ["MANAGE_USERS"])):
        answer = await carol.does(INVITE, email="dora@x.example", permissions=[wanted])
        assert answer["errors"][0]["code"] == "CANNOT_GRANT_PERMISSION"
        assert answer["errors"][0]["requires"] == missing
    assert not await Invite.exists(email_key="dora@x.example")
    assert await codes(carol, INVITE, email="dora@x.example", permissions=["TICKETS"]) == []


async def test_an_invite_that_grants_more_than_i_hold_is_not_mine_to_touch(
    app: Application, ann: Person, acme: str
) -> None:
    carol = await register(app, "Carol")
    await join(ann, carol, acme, "MANAGE_USERS", "TICKETS")
    id = await invited(ann, "dora@x.example", "INVOICES")

    for mutation in (RESEND, REVOKE):
        assert await codes(carol, mutation, inviteId=id) == ["CANNOT_GRANT_PERMISSION"]
    assert await codes(carol, INVITE, email="dora@x.example", permissions=["TICKETS"]) == [
        "CANNOT_GRANT_PERMISSION"
    ]
    row = await Invite.get(id=id)
    assert (row.status, row.sent_count) == (InviteStatus.PENDING, 1)


@pytest.mark.parametrize(
    ("input", "path"),
    [
        ({"email": "no address", "permissions": ["TICKETS"]}, ["email"]),
        ({"email": "\u212aim@x.example", "permissions": ["TICKETS"]}, ["email"]),
        ({"email": "dora@x.example", "permissions": []}, ["permissions"]),
        (
            {"email": "dora@x.example", "permissions": ["TICKETS"], "lifetimeHours": 0},
            ["lifetimeHours"],
        ),
        (
            {"email": "dora@x.example", "permissions": ["TICKETS"], "lifetimeHours": -1},
            ["lifetimeHours"],
        ),
        (
            {"email": "dora@x.example", "permissions": ["TICKETS"], "lifetimeHours": 2147483647},
            ["lifetimeHours"],
        ),
        (
            {"email": "dora@x.example", "permissions": ["TICKETS"], "locale": "../../etc"},
            ["locale"],
        ),
        (
            {
                "email": "dora@x.example",
                "permissions": ["TICKETS"],
                "membershipExpiresAt": "2001-01-01T00:00:00Z",
            },
            ["membershipExpiresAt"],
        ),
        (
            {
                "email": "dora@x.example",
                "permissions": ["TICKETS"],
                "membershipExpiresAt": "9999-12-31T23:59:59-14:00",
            },
            ["membershipExpiresAt"],
        ),
    ],
)
async def test_what_cannot_be_taken_is_refused_at_its_field(
    ann: Person, acme: str, input: dict[str, object], path: list[str]
) -> None:
    answer = await ann.does(INVITE, **input)

    assert [(error["code"], error["path"]) for error in answer["errors"]] == [
        ("INVALID_INPUT", path)
    ]
    assert not await Invite.exists()


async def test_only_the_verified_may_add_a_note_and_have_more_than_three_pending(
    ann: Person, acme: str
) -> None:
    refused = await ann.does(
        INVITE, email="dora@x.example", permissions=["TICKETS"], note="Welcome!"
    )
    assert [error["code"] for error in refused["errors"]] == ["EMAIL_NOT_VERIFIED"]
    for name in ("a", "b", "c"):
        await invited(ann, f"{name}@x.example")
    fourth = await codes(ann, INVITE, email="d@x.example", permissions=["TICKETS"])

    assert fourth == ["EMAIL_NOT_VERIFIED"]
    await User.filter(id=ann.id).update(email_verified_at=clock.now())
    assert (
        await codes(ann, INVITE, email="d@x.example", permissions=["TICKETS"], note="Hi\nyou") == []
    )
    assert "Hi" in (await Email.get(recipient="d@x.example")).body_text


async def test_inviting_again_renews_and_the_old_link_dies(
    ann: Person, acme: str, nobody: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await invited(ann, "Dora@x.example")
    old = await link_in("Dora@x.example", "invite")
    wait_a_minute(monkeypatch)
    second = await invited(ann, "DORA@X.example", "PRODUCTS")

    assert first == second
    row = await Invite.get()
    assert (row.sent_count, row.granted) == (2, frozenset({"PRODUCTS"}))
    assert (await nobody.asks(PREVIEW, token=old))["invitePreview"] is None
    new = await link_in("DORA@X.example", "invite")
    assert (await nobody.asks(PREVIEW, token=new))["invitePreview"]["status"] == "PENDING"


async def test_mail_to_one_address_counts_together_over_accounts(
    ann: Person, acme: str, eve: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = await invited(ann, "dora@x.example")
    before = await Email.all().count()

    for person, mutation, input in (
        (ann, INVITE, {"email": "dora@x.example", "permissions": ["TICKETS"]}),
        (ann, RESEND, {"inviteId": id}),
        (eve, INVITE, {"email": "DORA@x.example", "permissions": ["TICKETS"]}),
    ):
        (error,) = (await person.does(mutation, **input))["errors"]
        assert error["code"] == "RATE_LIMITED"
        assert 0 < error["retryAfterSeconds"] <= 60
    assert await Email.all().count() == before

    for _ in range(9):
        wait_a_minute(monkeypatch)
        assert await codes(ann, RESEND, inviteId=id) == []
    wait_a_minute(monkeypatch)
    (error,) = (await eve.does(INVITE, email="dora@x.example", permissions=["TICKETS"]))["errors"]
    assert error["code"] == "RATE_LIMITED"
    assert error["retryAfterSeconds"] > 3600


async def test_fifty_in_parallel_send_one_mail(ann: Person, acme: str) -> None:
    await User.filter(id=ann.id).update(email_verified_at=clock.now())
    spellings = [f"{'D' if i % 2 else 'd'}ora@{'X' if i % 3 else 'x'}.example" for i in range(50)]
    answers = await asyncio.gather(
        *(codes(ann, INVITE, email=each, permissions=["TICKETS"]) for each in spellings)
    )

    assert sorted(answers) == sorted([[]] + [["RATE_LIMITED"]] * 49)
    assert await Email.filter(kind="invite").count() == 1


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


async def test_a_stranger_learns_nothing_of_an_invite(ann: Person, acme: str, eve: Person) -> None:
    id = await invited(ann, "bob@x.example")

    for mutation in (RESEND, REVOKE, ACCEPT, DECLINE):
        assert await codes(eve, mutation, inviteId=id) == ["NOT_FOUND"]
    assert (await eve.asks("query ($id: ID!) { node(id: $id) { id } }", id=id))["node"] is None
    assert (await Invite.get()).status is InviteStatus.PENDING


async def test_two_hundred_pending_are_enough(ann: Person, acme: str) -> None:
    await User.filter(id=ann.id).update(email_verified_at=clock.now())
    await invited(ann, "first@x.example")
    row = await Invite.get()
    await Invite.bulk_create(
        Invite(
            account_id=acme,
            email=f"{i}@x.example",
            email_key=f"{i}@x.example",
            locale="en",
            granted=row.granted,
            secret_digest=str(i),
            inviter_name="Ann",
            created_at=row.created_at,
            expires_at=row.expires_at,
        )
        for i in range(199)
    )

    assert await codes(ann, INVITE, email="one.more@x.example", permissions=["TICKETS"]) == [
        "LIMIT_REACHED"
    ]


async def test_an_account_has_an_own_counter(ann: Person, acme: str, eve: Person) -> None:
    other = await account_of(ann, "Other")
    refused = await eve.does(INVITE, accountId=other, email="d@x.example", permissions=["TICKETS"])

    assert [error["code"] for error in refused["errors"]] == ["NOT_A_MEMBER"]
    assert (
        await codes(ann, INVITE, accountId=other, email="d@x.example", permissions=["TICKETS"])
        == []
    )
