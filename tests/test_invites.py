"""Inviting people."""

import asyncio

import pytest

from app.kit import clock
from app.main import Application
from models import AuditEvent, Email, Invite, InviteStatus, User
from tests.stage import (
    ACCEPT,
    INVITE,
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
