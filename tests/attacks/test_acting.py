"""What somebody does who has read the source: each of these worked once, or could have."""

import asyncio
from datetime import timedelta
from typing import Literal
from unicodedata import normalize

import pytest

from app.kit import clock, passwords
from app.main import Application
from models import Account, AuditAction, AuditEvent, Invite, Membership, User
from tests.attacks.attempts import opened, posted
from tests.counting import counted
from tests.stage import (
    ACCEPT,
    CREATE_ACCOUNT,
    INVITE,
    PASSWORD,
    REGISTER,
    REPLY,
    Person,
    account_of,
    join,
    letter_to,
    link_in,
    register,
)

SWITCH = """mutation ($input: SwitchAccountInput!) { switchAccount(input: $input) { errors { code } } }"""
UPDATE = """mutation ($input: UpdateMembershipInput!) { updateMembership(input: $input) { errors { code } } }"""
REVOKE = (
    """mutation ($input: RevokeInviteInput!) { revokeInvite(input: $input) { errors { code } } }"""
)


async def test_who_was_removed_does_not_get_at_the_accounts_lock(bob: Person, acme: str) -> None:
    await Membership.filter(user_id=bob.id).update(status="ENDED")

    with counted() as statements:
        refused = await bob.does(SWITCH, accountId=acme)

    assert [error["code"] for error in refused["errors"]] == ["NOT_A_MEMBER"]
    assert not any("audit_heads" in statement for statement in statements)


@pytest.mark.parametrize("scheme", [b"Bearer", b"Bearer ", b"Basic x"])
async def test_a_cookie_from_nowhere_does_not_act_beside_an_empty_bearer(
    app: Application, ann: Person, scheme: bytes
) -> None:
    headers = {"cookie": f"keyfob={ann.token}".encode(), "authorization": scheme}

    answer = await posted(app, CREATE_ACCOUNT, {"name": "x", "email": "a@x.example"}, headers)

    assert answer.json()["errors"][0]["extensions"]["code"] == "ORIGIN_NOT_ALLOWED"
    assert await Account.all().count() == 0


async def test_links_do_not_lead_to_the_host_that_a_request_names(
    app: Application, ann: Person, acme: str
) -> None:
    ann.headers |= {"host": "evil.example", "x-forwarded-host": "evil.example"}

    await ann.does(INVITE, email="bob@x.example", permissions=["TICKETS"])

    mail = await letter_to("bob@x.example", "invite")
    assert f"{app.site.settings.app_url}/invite/" in mail.body_text
    assert "evil" not in mail.body_text + mail.body_html


async def test_what_a_browser_calls_itself_breaks_no_line_of_the_log(
    app: Application, ann: Person
) -> None:
    headers = {
        "authorization": f"Bearer {ann.token}".encode(),
        "user-agent": b"Fire\x85\x9bfox\x7f/1",
        "x-request-id": b"chosen by the client",
    }

    answer = await posted(app, CREATE_ACCOUNT, {"name": "x", "email": "a@x.example"}, headers)

    event = await AuditEvent.get(action="ACCOUNT_CREATED")
    assert event.user_agent == "Firefox/1"
    assert event.request_id == answer.headers["x-request-id"] != "chosen by the client"


async def test_an_invite_does_not_outlive_the_access_of_its_sender(
    app: Application, ann: Person, acme: str
) -> None:
    mia = await register(app, "Mia")
    place = await join(ann, mia, acme, "TICKETS", "MANAGE_USERS")
    await mia.does(INVITE, email="early@x.example", permissions=["TICKETS"])
    ends = clock.now() + timedelta(hours=1)
    changed = await ann.does(UPDATE, membershipId=place, expiresAt=ends.isoformat())
    assert changed["errors"] == []
    await mia.does(INVITE, email="late@x.example", permissions=["TICKETS"])

    sent = await Invite.filter(status="PENDING").order_by("email")
    assert [(each.email, each.expires_at) for each in sent] == [
        ("early@x.example", ends),
        ("late@x.example", ends),
    ]


async def test_an_address_that_is_not_proved_has_no_domain(
    nobody: Person, ann: Person, acme: str
) -> None:
    await Account.filter(id=acme).update(invite_domains="corp.example")
    await ann.does(INVITE, email="bob@corp.example", permissions=["TICKETS"])
    names = {"firstName": "Ed", "lastName": "Vil", "password": PASSWORD}
    who = {"register": {"email": "boss@corp.example", **names}}

    token = await link_in("bob@corp.example", "invite")
    joined = await nobody.does(ACCEPT, token=token, confirmDifferentEmail=True, **{"as": who})

    assert [error["code"] for error in joined["errors"]] == ["EMAIL_NOT_VERIFIED"]
    assert await User.exists(email_key="boss@corp.example") is False


async def test_many_accounts_do_not_make_an_unverified_address_louder(app: Application) -> None:
    eve = await register(app, "Eve")
    codes = []
    for number in range(4):
        account = await account_of(eve, f"Evil {number}")
        email = f"victim{number}@x.example"
        sent = await eve.does(INVITE, accountId=account, email=email, permissions=["TICKETS"])
        codes.append([error["code"] for error in sent["errors"]])

    assert codes == [[], [], [], ["EMAIL_NOT_VERIFIED"]]
    assert await Invite.all().count() == 3


async def test_of_accepting_and_revoking_at_once_one_wins(
    app: Application, ann: Person, acme: str
) -> None:
    bob = await register(app, "Bob")
    sent = await ann.does(INVITE, email=bob.email, permissions=["TICKETS"])
    token = await link_in(bob.email, "invite")

    joined, revoked = await asyncio.gather(
        bob.does(ACCEPT, token=token), ann.does(REVOKE, inviteId=sent["invite"]["id"])
    )

    codes = [[error["code"] for error in each["errors"]] for each in (joined, revoked)]
    assert sorted(codes) == [[], ["INVITE_NOT_PENDING"]]
    assert await Membership.exists(user_id=bob.id) is (joined["errors"] == [])


async def test_nothing_is_said_after_a_suspension_was_answered(
    ann: Person, bob: Person, acme: str
) -> None:
    ticket = await opened(bob)
    place = await Membership.get(user_id=bob.id)

    *replies, suspended = await asyncio.gather(
        *(bob.does(REPLY, ticketId=ticket, body="Still here.") for _ in range(5)),
        ann.does(UPDATE, membershipId=place.id, suspended=True),
    )

    assert suspended["errors"] == []
    assert {error["code"] for each in replies for error in each["errors"]} <= {
        "MEMBERSHIP_SUSPENDED",
        "NOT_FOUND",
    }
    events = await AuditEvent.filter(account_id=acme).order_by("sequence")
    order = [event.action for event in events]
    assert "TICKET_REPLIED" not in order[order.index(AuditAction.MEMBERSHIP_SUSPENDED) :]


async def test_a_password_of_a_megabyte_is_not_read_to_its_end(
    nobody: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def normalized(form: Literal["NFKC"], text: str) -> str:
        read.append(len(text))
        return normalize(form, text)

    monkeypatch.setattr(passwords, "normalize", normalized)
    names = {"email": "x@x.example", "firstName": "Ed", "lastName": "Vil"}
    refused = await nobody.does(REGISTER, password="\ufdfa" * 300_000, **names)

    assert [error["code"] for error in refused["errors"]] == ["PASSWORD_TOO_WEAK"]
    assert max(read) == passwords.MOST_TYPED
