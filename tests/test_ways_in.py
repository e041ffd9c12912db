"""All ways in, beside one another: what opens a session, what it replaces, and what no way goes round."""

from pathlib import Path

import pytest
from graphql import GraphQLObjectType, build_schema, get_named_type

from app.main import Application
from models import AuditEvent, Session
from tests.identity import ME, STEP_UP, VERIFY_2FA, code, enrol
from tests.recovering import reset_link
from tests.stage import (
    ACCEPT,
    INVITE,
    LOGIN,
    PASSWORD,
    Person,
    account_of,
    link_in,
    register,
    sign_in,
)

ROOT = Path(__file__).parents[1]
VERIFY = """mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) {
  sessionToken errors { code } } }"""
RESET = """mutation ($input: ResetPasswordInput!) { resetPassword(input: $input) { errors { code } } }"""
CHANGES = [
    "beginPasskeySetup",
    "beginTwoFactorSetup",
    'changeEmail(input: {email: "b@x.example"})',
    'changePassword(input: {currentPassword: "a", newPassword: "b"})',
    'confirmTwoFactorSetup(input: {totp: "000000"})',
    "disableTwoFactor",
    "regenerateRecoveryCodes",
    "removeSecurityQuestion",
    'setSecurityQuestion(input: {question: "a", answer: "b"})',
]


async def codes(person: Person, mutation: str, **input: object) -> list[str]:
    """Say with which codes a mutation is refused."""
    return [error["code"] for error in (await person.does(mutation, **input))["errors"]]


def test_the_ways_in_are_the_ones_that_are_documented() -> None:
    root = build_schema((ROOT / "schema.graphql").read_text()).mutation_type
    page = (ROOT / "docs" / "security.md").read_text()
    assert root is not None

    ways = set()
    for name, field in root.fields.items():
        payload = get_named_type(field.type)
        if isinstance(payload, GraphQLObjectType) and "sessionToken" in payload.fields:
            ways.add(name)

    assert ways == {
        "acceptInvite",
        "login",
        "loginWithPasskey",
        "register",
        "verifyEmail",
        "verifyIdentity",
        "verifyTwoFactor",
    }
    assert {way for way in ways if f"| `{way}`" not in page} == set()


async def test_no_way_in_goes_round_the_second_factor(app: Application, ann: Person) -> None:
    kim, login = await register(app, "Kim"), {"email": "kim@x.example", "password": PASSWORD}
    link = await link_in(kim.email, "verify_email")
    await enrol(kim)
    acme = await account_of(ann, "Acme")
    await ann.does(INVITE, accountId=acme, email=kim.email, permissions=["TICKETS"])
    invite = await link_in(kim.email, "invite")
    before, nobody = await Session.all().count(), Person(app)

    assert await codes(nobody, VERIFY, token=link, **{"as": login}) == ["TWO_FACTOR_REQUIRED"]
    joining = {"token": invite, "as": {"login": login}}
    assert await codes(nobody, ACCEPT, **joining) == ["TWO_FACTOR_REQUIRED"]
    assert await Session.all().count() == before
    half = Person(app, "Kim", (await nobody.does(LOGIN, **login))["sessionToken"])
    assert (await half.asks(ME))["me"] is None
    assert await codes(half, STEP_UP, password=PASSWORD) == ["UNAUTHENTICATED"]
    assert await codes(half, ACCEPT, token=invite) == ["UNAUTHENTICATED"]


async def test_signing_in_again_ends_the_session_that_was(ann: Person, eve: Person) -> None:
    other, login = await sign_in(ann.app, "Ann"), {"email": ann.email, "password": PASSWORD}
    was = Person(ann.app, "Ann", ann.token)

    ann.token = (await ann.does(LOGIN, **login))["sessionToken"]

    assert (await was.asks(ME))["me"] is None
    assert (await ann.asks(ME))["me"] is not None
    assert (await other.asks(ME))["me"] is not None
    ended = await AuditEvent.get(action="SESSION_REVOKED")
    assert ended.actor_id == ann.id
    assert (await eve.does(LOGIN, **login))["errors"] == []
    assert (await eve.asks(ME))["me"] is not None


async def test_signing_in_again_by_cookie_ends_the_session_that_was(ann: Person) -> None:
    input = {"email": ann.email, "password": PASSWORD, "transport": "COOKIE"}
    first = (await Person(ann.app).sends(LOGIN, input=input)).headers["set-cookie"].split(";")[0]
    tab = Person(ann.app, "Ann", headers={"cookie": first, "origin": "http://127.0.0.1"})
    assert (await tab.asks(ME))["me"] is not None

    second = (await tab.sends(LOGIN, input=input)).headers["set-cookie"].split(";")[0]

    assert (await tab.asks(ME))["me"] is None
    tab.headers["cookie"] = second
    assert (await tab.asks(ME))["me"] is not None


async def test_a_sign_in_that_fails_ends_nothing(ann: Person) -> None:
    wrong = {"email": ann.email, "password": "wrong password"}

    assert await codes(ann, LOGIN, **wrong) == ["INVALID_CREDENTIALS"]

    assert (await ann.asks(ME))["me"] is not None


async def test_a_half_signed_in_session_that_begins_anew_is_replaced(ann: Person) -> None:
    secret, _ = await enrol(ann)
    login = {"email": ann.email, "password": PASSWORD}
    half = Person(ann.app, "Ann", (await Person(ann.app).does(LOGIN, **login))["sessionToken"])

    whole = await half.does(LOGIN, **login, twoFactor={"totp": code(secret, 1)})

    assert whole["errors"] == []
    assert await codes(half, VERIFY_2FA, proof={"totp": "000000"}) == ["UNAUTHENTICATED"]


@pytest.mark.parametrize("change", CHANGES)
async def test_what_one_signs_in_with_is_changed_after_proof_only(ann: Person, change: str) -> None:
    answer = await ann.asks(f"mutation {{ it: {change} {{ errors {{ code }} }} }}")

    assert answer == {"it": {"errors": [{"code": "STEP_UP_REQUIRED"}]}}


async def test_a_secret_for_one_purpose_does_nothing_else(app: Application, ann: Person) -> None:
    invited = {"accountId": await account_of(ann, "Acme"), "email": "bob@x.example"}
    await ann.does(INVITE, **invited, permissions=["TICKETS"])
    verify = await link_in(ann.email, "verify_email")
    reset = (await reset_link(ann)).rpartition("/")[2]
    invite = await link_in("bob@x.example", "invite")
    device = LOGIN.replace("sessionToken", "deviceToken")
    login = {"email": ann.email, "password": PASSWORD}
    known = (await Person(app).does(device, **login))["deviceToken"]

    for secret in (verify, reset, invite, known):
        assert (await Person(app, token=secret).asks(ME))["me"] is None
    for secret in (verify, invite, known, ann.token):
        assert await codes(Person(app), RESET, token=secret, newPassword="quite another horse") == [
            "LINK_EXPIRED"
        ]
    for secret in (reset, invite, known, ann.token):
        assert await codes(ann, VERIFY, token=secret) == ["LINK_EXPIRED"]
    for secret in (verify, reset, known, ann.token):
        assert await codes(ann, ACCEPT, token=secret) != []
