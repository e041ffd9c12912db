"""Who is known is not told, neither by word nor by time, where it shall not be."""

from collections.abc import Sequence
from statistics import median
from time import perf_counter

import pytest

from app.kit import pacing
from app.main import Application
from models import AuditEvent, Email, Quota, Session, Throttle, User
from tests.identity import step_up
from tests.recovering import settled
from tests.stage import ACCEPT, INVITE, PASSWORD, REGISTER, Person, link_in, register
from tests.test_recovery import REQUEST

CHANGE = """mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) {
  me { email pendingEmail } errors { code path message } } }"""
VERIFY = """mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) {
  me { email } errors { code path } } }"""
NAMES = {"password": PASSWORD, "firstName": "Bob", "lastName": "Baker"}
FAULTS = [
    {},
    {"password": "x"},
    {"firstName": ""},
    {"lastName": "\u202e"},
    {"locale": "../../etc"},
    {"password": PASSWORD, "firstName": "horse"},
]
TRIES = 7


def be_private(app: Application) -> None:
    """Tell nobody who is registered, from now on."""
    object.__setattr__(app.site.settings, "private_registration", True)


async def times(person: Person, mutation: str, known: str, **input: object) -> Sequence[float]:
    """Measure how long answers take for a known and an unknown address, in turns: two medians, and the least.

    What is left between beats is noise of the machine: `tests.benchmarks.signing_in` compares it over many tries.
    """
    spent: dict[bool, list[float]] = {True: [], False: []}
    for i in range(TRIES):
        for is_known, seconds in spent.items():
            await Quota.all().delete()
            email = known if is_known else f"nobody{i}@x.example"
            begun = perf_counter()
            await person.does(mutation, email=email, **input)
            seconds.append(perf_counter() - begun)
    return [*map(median, spent.values()), min(min(seconds) for seconds in spent.values())]


async def test_a_reset_takes_as_long_for_an_address_that_nobody_has(ann: Person) -> None:
    known, unknown, least = await times(Person(ann.app), REQUEST, ann.email)

    assert known == pytest.approx(unknown, rel=0.3)
    assert least >= pacing.BEAT
    assert await Email.filter(kind="reset_password").count() == TRIES


@pytest.mark.parametrize("fault", FAULTS, ids=str)
async def test_registering_is_answered_alike_whatever_else_is_wrong(
    app: Application, ann: Person, fault: dict[str, str]
) -> None:
    be_private(app)
    nobody, sessions = Person(app), await Session.all().count()

    known, new = [
        await nobody.tries(REGISTER, input=NAMES | fault | {"email": email})
        for email in (ann.email, "new@x.example")
    ]

    assert known == new
    assert await Session.all().count() == sessions
    assert await User.filter(email="new@x.example").exists() is (fault == {})
    assert await Email.filter(kind="registration_attempted").exists() is (fault == {})


async def test_registering_takes_as_long_for_a_known_address(app: Application, ann: Person) -> None:
    be_private(app)
    known, new, least = await times(Person(app), REGISTER, ann.email, **NAMES)

    assert known == pytest.approx(new, rel=0.3)
    assert least >= pacing.BEAT


async def test_of_two_faults_the_taken_address_is_told_last(ann: Person) -> None:
    nobody = Person(ann.app)
    for fault in FAULTS[1:]:
        payload = await nobody.does(REGISTER, **(NAMES | fault | {"email": ann.email}))
        assert [error["code"] for error in payload["errors"]] != ["EMAIL_TAKEN"]

    assert await Throttle.all().count() == 0


async def test_every_question_for_a_taken_address_counts(app: Application, ann: Person) -> None:
    eve = await register(app, "Eve")
    await step_up(eve)
    await Throttle.all().delete()
    heard = []
    for _ in range(11):
        heard.append((await Person(app).does(REGISTER, email=ann.email, **NAMES))["errors"])
        heard.append((await eve.does(CHANGE, email=ann.email))["errors"])

    codes = [errors[0]["code"] for errors in heard]
    assert codes == ["EMAIL_TAKEN"] * 20 + ["RATE_LIMITED"] * 2


async def test_another_address_is_asked_for_alike_whether_it_is_known(
    app: Application, ann: Person
) -> None:
    askers = {"new@x.example": await settled(app, "Bea"), ann.email: await settled(app, "Eve")}
    be_private(app)
    events = await AuditEvent.all().count()

    answers = {email: await who.does(CHANGE, email=email) for email, who in askers.items()}
    again = [await who.does(CHANGE, email=email) for email, who in askers.items()]

    for email, who in askers.items():
        assert answers[email] == {"me": {"email": who.email, "pendingEmail": email}, "errors": []}
    assert {(e["code"], *e["path"]) for each in again for e in each["errors"]} == {
        ("RATE_LIMITED", "email")
    }
    told = await Email.filter(recipient=ann.email).exclude(kind="verify_email")
    assert [mail.kind for mail in told] == ["registration_attempted"]
    assert [mail.kind for mail in await Email.filter(recipient="new@x.example")] == ["change_email"]
    actions = [event.action for event in await AuditEvent.all().order_by("sequence")][events:]
    assert actions == ["USER_EMAIL_CHANGE_REQUESTED"] * 2


async def test_asking_for_another_address_takes_as_long_for_a_known_one(
    app: Application, ann: Person
) -> None:
    bea = await settled(app, "Bea")
    be_private(app)

    known, new, least = await times(bea, CHANGE, ann.email)

    assert known == pytest.approx(new, rel=0.3)
    assert least >= pacing.BEAT


async def test_an_address_that_somebody_takes_meanwhile_is_theirs(
    app: Application, ann: Person
) -> None:
    bea = await settled(app, "Bea")
    be_private(app)
    await bea.does(CHANGE, email="new@x.example")
    link = await link_in("new@x.example", "change_email")
    await Person(app).does(REGISTER, email="new@x.example", **NAMES)

    late = await bea.does(VERIFY, token=link)

    assert late["errors"] == [{"code": "EMAIL_TAKEN", "path": ["token"]}]
    assert (await User.get(id=bea.id)).email == bea.email


async def test_ones_own_address_is_no_secret(app: Application) -> None:
    bea = await settled(app, "Bea")
    be_private(app)

    (refused,) = (await bea.does(CHANGE, email="BEA@x.example"))["errors"]

    assert (refused["code"], refused["path"]) == ("EMAIL_TAKEN", ["email"])


@pytest.mark.parametrize("email", ["ann@x.example", "new@x.example"])
async def test_an_invite_lets_nobody_ask_who_is_registered(
    app: Application, ann: Person, acme: str, email: str
) -> None:
    be_private(app)
    await ann.does(INVITE, email="bob@x.example", permissions=["TICKETS"])
    token, users = await link_in("bob@x.example", "invite"), await User.all().count()
    input = {"token": token, "confirmDifferentEmail": True}

    refused = await Person(app).does(
        ACCEPT, **input, **{"as": {"register": NAMES | {"email": email}}}
    )

    assert refused["errors"] == [
        {
            "code": "INVALID_INPUT",
            "path": ["email"],
            "message": "Register with the address that was invited.",
        }
    ]
    assert await User.all().count() == users
    invited = {"as": {"register": NAMES | {"email": "bob@x.example"}}}
    assert (await Person(app).does(ACCEPT, **input, **invited))["errors"] == []
