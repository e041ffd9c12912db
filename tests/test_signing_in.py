"""Registering, signing in and out, and one's own profile."""

import pytest

from app.domain import activity
from app.kit import clock
from app.main import Application
from models import AuditEvent, Email, Session, User
from tests.stage import (
    LOGIN,
    PASSWORD,
    REGISTER,
    Person,
    account_of,
    link_in,
    register,
    sign_in,
    wait_a_minute,
)

ME = """{ me { id email emailVerifiedAt firstName displayName locale timeZone user { id initials isViewer }
  memberships { totalCount } } session { status pendingSteps device { label kind } defaultAccount { id } } }"""
LOGOUT = "mutation { logout { errors { code } } }"
VERIFY = """mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) {
  me { emailVerifiedAt } errors { code path } } }"""
AGAIN = """mutation { requestEmailVerification { errors { code ... on RateLimitedError { retryAfterSeconds } } } }"""
PROFILE = """mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
  me { firstName lastName locale timeZone } errors { code path } } }"""
BOB = {"email": "Bob@x.example", "password": PASSWORD, "firstName": "Bob", "lastName": "Baker"}


async def test_whoever_registers_is_signed_in_and_asked_to_verify(nobody: Person) -> None:
    payload = await nobody.does(REGISTER, **BOB)
    assert payload["errors"] == []
    bob = Person(nobody.app, "Bob", payload["sessionToken"])

    seen = await bob.asks(ME)
    assert seen["me"]["email"] == "Bob@x.example"
    assert seen["me"]["user"] == {
        "id": seen["me"]["id"].replace("vwr_", "usr_"),
        "initials": "BB",
        "isViewer": True,
    }
    assert seen["session"]["pendingSteps"] == ["VERIFY_EMAIL"]
    assert seen["session"]["status"] == "ACTIVE"
    stored = await User.get()
    assert PASSWORD not in stored.password_hash
    assert payload["sessionToken"] not in (await Session.get()).secret_digest


@pytest.mark.parametrize(
    ("wrong", "code", "path"),
    [
        ({"email": "nonsense"}, "INVALID_INPUT", ["email"]),
        ({"password": "short"}, "PASSWORD_TOO_WEAK", ["password"]),
        ({"password": "bob@x.example bob@x.example"}, "PASSWORD_TOO_WEAK", ["password"]),
        ({"firstName": "Ann\u200b Smith"}, "INVALID_INPUT", ["firstName"]),
        ({"lastName": "a\u0301" * 300}, "INVALID_INPUT", ["lastName"]),
        ({"firstName": "Bob\r\nBcc: all@x.example"}, "INVALID_INPUT", ["firstName"]),
        ({"locale": "../../etc"}, "INVALID_INPUT", ["locale"]),
        ({"locale": ""}, None, None),
        ({"locale": "de-AT"}, None, None),
        ({"email": "ann@X.example"}, "EMAIL_TAKEN", ["email"]),
    ],
)
async def test_a_registration_is_taken_whole_or_refused_at_its_field(
    ann: Person, nobody: Person, wrong: dict[str, str], code: str | None, path: list[str] | None
) -> None:
    before = await User.all().count()
    payload = await nobody.does(REGISTER, **{**BOB, **wrong})

    refused = [(error["code"], error["path"]) for error in payload["errors"]]
    assert refused == ([(code, path)] if code else [])
    assert await User.all().count() == before + (code is None)
    assert {user.locale for user in await User.all()} <= {"en", "de"}


async def test_unknown_address_and_wrong_password_are_answered_alike(ann: Person) -> None:
    stranger = Person(ann.app)
    answers = [
        await stranger.does(LOGIN, email=email, password=password)
        for email, password in (
            ("ann@x.example", "wrong password"),
            ("nobody@x.example", PASSWORD),
            ("no address", PASSWORD),
            ("ann@x.example\x7f", PASSWORD),
        )
    ]

    refused = {"code": "INVALID_CREDENTIALS", "path": ["email"]}
    assert [answer["errors"] for answer in answers] == [[refused]] * 4
    assert await AuditEvent.filter(action="USER_LOGIN_FAILED").count() == 4
    assert await Session.all().count() == 1


async def test_signing_out_ends_this_session_only(ann: Person) -> None:
    other = await sign_in(ann.app, "Ann")
    await ann.asks(LOGOUT)

    assert (await ann.asks(ME)) == {"me": None, "session": None}
    assert (await other.asks(ME))["me"] is not None
    assert (await ann.asks(LOGOUT))["logout"] == {"errors": []}


async def test_a_session_ends_when_it_was_idle_too_long(
    ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(12 * 60):
        wait_a_minute(monkeypatch)

    assert (await ann.asks(ME))["me"] is None


async def test_a_cookie_carries_the_session_where_browsers_keep_it(ann: Person) -> None:
    stranger = Person(ann.app)
    input = {"email": "ann@x.example", "password": PASSWORD, "transport": "COOKIE"}
    response = await stranger.sends(LOGIN, input=input)

    payload = response.json()["data"]["login"]
    assert (payload["errors"], payload["sessionToken"]) == ([], None)
    cookie, device = response.headers.get_list("set-cookie")
    assert cookie.startswith("keyfob=")
    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Lax")
    assert device.startswith("keyfob-device=")
    assert device.endswith("; Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000")
    secret = cookie.split(";")[0]
    tab = Person(ann.app, "Ann", headers={"cookie": secret})
    assert (await tab.asks(ME))["me"]["email"] == "ann@x.example"


async def test_a_cookie_over_plain_http_from_elsewhere_asks_for_https(ann: Person) -> None:
    stranger = Person(ann.app, headers={"host": "192.168.1.2"})
    before = await Session.all().count()
    input = {"email": "ann@x.example", "password": PASSWORD, "transport": "COOKIE"}

    response = await stranger.sends(LOGIN, input=input)

    (error,) = response.json()["data"]["login"]["errors"]
    assert (error["code"], error["path"]) == ("INVALID_INPUT", ["transport"])
    assert "set-cookie" not in response.headers
    assert await Session.all().count() == before


async def test_a_foreign_page_cannot_write_with_the_cookie(ann: Person) -> None:
    input = {"email": "ann@x.example", "password": PASSWORD, "transport": "COOKIE"}
    response = await Person(ann.app).sends(LOGIN, input=input)
    cookie = response.headers["set-cookie"].split(";")[0]
    tab = Person(ann.app, headers={"cookie": cookie, "origin": "https://evil.example"})

    refused = await tab.sends(LOGOUT)

    assert refused.status_code == 403
    assert refused.json()["errors"][0]["extensions"]["code"] == "ORIGIN_NOT_ALLOWED"
    assert (await Person(ann.app, headers={"cookie": cookie}).asks(ME))["me"] is not None


async def test_only_the_user_who_asked_verifies_and_only_once(
    ann: Person, eve: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = await link_in("ann@x.example", "verify_email")
    assert (await eve.does(VERIFY, token=old))["errors"] == [
        {"code": "LINK_EXPIRED", "path": ["token"]}
    ]
    assert (await ann.asks(AGAIN))["requestEmailVerification"]["errors"] == []
    (refused,) = (await ann.asks(AGAIN))["requestEmailVerification"]["errors"]
    assert refused["code"] == "RATE_LIMITED"
    wait_a_minute(monkeypatch)
    new = await link_in("ann@x.example", "verify_email")

    assert (await ann.does(VERIFY, token=old))["errors"][0]["code"] == "LINK_EXPIRED"
    assert (await ann.does(VERIFY, token=new))["me"]["emailVerifiedAt"] is not None
    assert (await ann.does(VERIFY, token=new))["errors"][0]["code"] == "LINK_EXPIRED"
    sent = await Email.filter(kind="verify_email", recipient="ann@x.example").count()
    assert (await ann.asks(AGAIN))["requestEmailVerification"]["errors"] == []
    assert await Email.filter(kind="verify_email", recipient="ann@x.example").count() == sent


async def test_verifying_signs_in_in_the_same_call_or_does_nothing(
    ann: Person, eve: Person
) -> None:
    token = await link_in("ann@x.example", "verify_email")
    stranger, sessions = Person(ann.app), await Session.all().count()
    wrong = {"email": "ann@x.example", "password": "wrong password"}
    other = {"email": "eve@x.example", "password": PASSWORD}
    right = {"email": "ann@x.example", "password": PASSWORD}

    for login, code in (
        (None, "UNAUTHENTICATED"),
        (wrong, "INVALID_CREDENTIALS"),
        (other, "LINK_EXPIRED"),
    ):
        payload = await stranger.does(VERIFY, token=token, **{"as": login})
        assert [error["code"] for error in payload["errors"]] == [code]
    assert await Session.all().count() == sessions
    verified = await stranger.does(VERIFY, token=token, **{"as": right})
    assert verified["errors"] == []
    assert verified["me"]["emailVerifiedAt"] is not None
    assert await Session.all().count() == sessions + 1


async def test_a_profile_changes_only_where_it_was_told_to(ann: Person) -> None:
    changed = await ann.does(PROFILE, firstName="Anna", timeZone="Europe/Vienna", locale="de-AT")
    assert changed["me"] == {
        "firstName": "Anna",
        "lastName": "Example",
        "locale": "de",
        "timeZone": "Europe/Vienna",
    }
    for wrong in (
        {"timeZone": "Mars/Olympus"},
        {"timeZone": "../UTC"},
        {"locale": "ptbr"},
        {"firstName": ""},
    ):
        (error,) = (await ann.does(PROFILE, **wrong))["errors"]
        assert (error["code"], error["path"]) == ("INVALID_INPUT", list(wrong))
    event = await AuditEvent.get(action="USER_PROFILE_UPDATED")
    assert '"field":"first_name"' in event.changes


async def test_own_security_events_are_ones_own(ann: Person, eve: Person) -> None:
    await sign_in(ann.app, "Ann")
    ask = """{ me { auditEvents { totalCount nodes {
      action sequence actor { displayName } account { id } } } } }"""

    events = (await ann.asks(ask))["me"]["auditEvents"]
    assert [event["action"] for event in events["nodes"]] == ["USER_LOGGED_IN", "USER_REGISTERED"]
    assert {event["actor"]["displayName"] for event in events["nodes"]} == {"Ann Example"}
    # Those of everybody are in one chain: a place in it would tell how much is going on.
    assert {event["sequence"] for event in events["nodes"]} == {None}


async def test_every_mutation_of_a_document_reads_who_asks_again(app: Application) -> None:
    ann = await register(app, "Ann")
    answer = await ann.asks(
        """mutation { first: logout { errors { code } }
        second: createAccount(input: {name: "Late", email: "a@x.example"}) { account { id } errors { code } } }"""
    )

    assert answer["first"]["errors"] == []
    assert [error["code"] for error in answer["second"]["errors"]] == ["UNAUTHENTICATED"]


async def test_a_request_names_its_account_or_the_answer_says_why_not(
    ann: Person, eve: Person
) -> None:
    acme, other = await account_of(ann, "Acme"), await account_of(ann, "Other")
    ask = "{ accountContext { source account { name } denial { code } } }"
    none = (await ann.asks(ask))["accountContext"]
    assert none == {"source": "NONE", "account": None, "denial": {"code": "ACCOUNT_REQUIRED"}}
    tab = await ann.at(acme).sends("{ tickets { nodes { id } } }")
    assert tab.headers["x-account-id"] == acme
    assert tab.json()["extensions"]["accountContext"] == {"accountId": acme, "source": "REQUEST"}
    for wrong in ("acc_01h455vb4pex5vsknk084sn02q", "nonsense"):
        foreign = (await ann.at(wrong).asks(ask))["accountContext"]
        assert foreign == {"source": "REQUEST", "account": None, "denial": {"code": "NOT_A_MEMBER"}}
    stranger = (await eve.at(other).asks(ask))["accountContext"]
    assert stranger["denial"] == {"code": "NOT_A_MEMBER"}


async def test_activity_is_written_at_most_once_a_minute_and_outside_the_request(
    ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await Session.get()
    await ann.asks(ME)
    assert ann.app.site.active == {}
    wait_a_minute(monkeypatch)
    await ann.asks(ME)
    assert set(ann.app.site.active) == {before.id}
    await activity.write(ann.app.site)

    after = await Session.get()
    assert after.last_active_at > before.last_active_at
    assert after.idle_until > before.idle_until
    assert clock.now() >= after.last_active_at
