"""Who asks again is remembered, and the database says in the same breath whether anything of them has changed."""

from collections.abc import Awaitable, Callable

import pytest

from app.domain import activity, sessions
from app.domain.recent import MOST, Recent, Seen
from app.domain.sessions import idle_time
from app.kit import clock
from app.main import Application
from models import (
    Account,
    AccountStatus,
    Membership,
    MembershipStatus,
    Operator,
    OperatorRole,
    Session,
    SessionStatus,
    Ticket,
    User,
)
from resolvers.context import Context
from tests.counting import counted
from tests.stage import DEPARTMENTS, OPEN_TICKET, Person, account_of, move_clock, sign_in

ME = "{ me { displayName session { id } operator { role } } }"
ACCOUNTS = "{ accounts { nodes { id owner { displayName } } } }"
TICKETS = "query ($id: ID) { tickets(accountId: $id) { nodes { id } } }"
PAGE = """query ($id: ID!) { account(id: $id) { owner { id } members { nodes { user { id } } }
  auditEvents { nodes { action actor { displayName } } } } }"""
BESIDES = "query ($id: ID!) { me { id } tickets(accountId: $id) { nodes { id } } }"
CONTEXT = "{ accountContext { source account { name } denial { code } } }"
RENAME = """mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
  me { displayName } errors { code } } }"""
LOGOUT = "mutation { logout { errors { code } } }"


async def code_of(person: Person, query: str, **variables: object) -> str | None:
    """Ask, and say with which code that was refused."""
    errors = (await person.tries(query, **variables)).get("errors")
    return errors[0]["extensions"]["code"] if errors else None


async def statements(person: Person, query: str, **variables: object) -> list[str]:
    """Ask, and return what that asked of the database."""
    with counted() as asked:
        await person.asks(query, **variables)
    return asked


async def test_who_asks_again_is_asked_about_in_the_statement_that_reads(
    ann: Person, acme: str
) -> None:
    await ann.asks(ME)

    assert len(await statements(ann, ME)) == 1
    assert len(await statements(ann, ACCOUNTS)) == 1
    assert len(await statements(ann, CONTEXT)) == 1


async def test_a_list_without_a_row_has_nothing_to_tell_it_with(ann: Person, acme: str) -> None:
    await ann.asks(ME)

    assert len(await statements(ann, TICKETS, id=acme)) == 2


async def test_who_has_changed_costs_two_statements_more_and_not_all_of_them_twice(
    ann: Person, acme: str
) -> None:
    await ann.asks(PAGE, id=acme)
    usual = min([len(await statements(ann, PAGE, id=acme)) for _ in range(3)])

    await User.filter(id=ann.id).update(last_name="Other")

    assert len(await statements(ann, PAGE, id=acme)) == usual + 2


async def ends_the_session(who: Person, _account: str) -> None:
    """Sign somebody out from elsewhere."""
    await Session.filter(user_id=who.id).update(status=SessionStatus.REVOKED)


async def suspends_the_member(who: Person, account: str) -> None:
    """Take away what somebody may do here, for now."""
    held = Membership.filter(user_id=who.id, account_id=account)
    await held.update(status=MembershipStatus.SUSPENDED)


async def removes_the_member(who: Person, account: str) -> None:
    """Take it away for good."""
    await Membership.filter(user_id=who.id, account_id=account).delete()


async def withdraws_the_permission(who: Person, account: str) -> None:
    """Leave somebody in, with nothing to do."""
    await Membership.filter(user_id=who.id, account_id=account).update(granted=frozenset())


async def closes_the_account(_who: Person, account: str) -> None:
    """Close the account."""
    await Account.filter(id=account).update(status=AccountStatus.CLOSED)


CHANGES = [
    (ends_the_session, "UNAUTHENTICATED"),
    (suspends_the_member, "MEMBERSHIP_SUSPENDED"),
    (removes_the_member, "NOT_A_MEMBER"),
    (withdraws_the_permission, "FORBIDDEN"),
    (closes_the_account, "ACCOUNT_CLOSED"),
]


@pytest.mark.parametrize(("change", "code"), CHANGES)
@pytest.mark.parametrize(
    "query", [TICKETS, "query ($id: ID!) { a: tickets(accountId: $id) { nodes { id } } me { id } }"]
)
async def test_whoever_lost_something_a_moment_ago_has_lost_it(
    ann: Person,
    bob: Person,
    acme: str,
    change: Callable[[Person, str], Awaitable[None]],
    code: str,
    query: str,
) -> None:
    bob = bob.at(acme)
    for _ in range(2):
        assert await code_of(bob, query, id=acme) is None

    await change(bob, acme)

    assert await code_of(bob, query, id=acme) == code
    assert await code_of(bob, query, id=acme) == code
    assert await code_of(ann, ME) is None


@pytest.mark.parametrize(("change", "code"), CHANGES)
async def test_nobody_acts_as_who_they_were(
    bob: Person, acme: str, change: Callable[[Person, str], Awaitable[None]], code: str
) -> None:
    general = (await bob.asks(DEPARTMENTS))["departments"][0]["id"]
    wanted = {"accountId": acme, "subject": "Help", "body": "Please", "departmentId": general}
    assert (await bob.does(OPEN_TICKET, **wanted))["errors"] == []

    await change(bob, acme)

    refused = (await bob.does(OPEN_TICKET, **wanted))["errors"]
    assert [error["code"] for error in refused] == [code]
    assert await Ticket.all().count() == 1


async def test_an_act_that_is_refused_changes_nothing_of_who_is_remembered(ann: Person) -> None:
    before = await ann.asks(ME)

    refused = await ann.does(RENAME, firstName="Annika", timeZone="Nowhere/Town")

    assert refused["errors"] != []
    assert await ann.asks(ME) == before


async def test_what_was_read_for_somebody_who_was_is_not_shown(
    bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await bob.asks(ME)
    holds = Context.holds

    async def lose_it_first(self: Context) -> bool:
        await ends_the_session(bob, "")
        return await holds(self)

    monkeypatch.setattr(Context, "holds", lose_it_first)

    assert (await bob.tries(ME))["data"]["me"] is None


async def test_who_becomes_or_was_staff_is_so_at_once(ann: Person) -> None:
    await ann.asks(ME)
    staff = await Operator.create(user_id=ann.id, role=OperatorRole.AGENT, created_at=clock.now())
    assert (await ann.asks(ME))["me"]["operator"] == {"role": "AGENT"}

    await Operator.filter(id=staff.id).update(role=OperatorRole.ADMIN)
    assert (await ann.asks(ME))["me"]["operator"] == {"role": "ADMIN"}

    await Operator.filter(id=staff.id).delete()
    assert (await ann.asks(ME))["me"]["operator"] is None


async def test_a_new_name_is_shown_whoever_gave_it(app: Application, ann: Person) -> None:
    await ann.asks(ME)

    await User.filter(id=ann.id).update(first_name="Anna")
    assert (await ann.asks(ME))["me"]["displayName"] == "Anna Example"

    elsewhere = await sign_in(app, "Ann")
    await elsewhere.does(RENAME, firstName="Annika")
    assert (await ann.asks(ME))["me"]["displayName"] == "Annika Example"


async def test_a_second_account_ends_the_days_of_the_only_one(ann: Person, acme: str) -> None:
    for _ in range(2):
        assert (await ann.asks(CONTEXT))["accountContext"]["source"] == "ONLY_ONE"

    await account_of(ann, "Second")

    assert (await ann.asks(CONTEXT))["accountContext"]["source"] == "NONE"
    named = await ann.at(acme).asks(CONTEXT)
    assert named["accountContext"]["source"] == "REQUEST"


async def test_a_session_that_was_idle_too_long_is_not_wakened_by_being_remembered(
    app: Application, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        await ann.asks(ME)

    move_clock(monkeypatch, minutes=int(idle_time(remember=False).total_seconds() // 60))
    assert (await ann.asks(ME))["me"] is None
    await activity.write(app.site)
    assert (await ann.asks(ME))["me"] is None


async def test_who_is_remembered_is_noted_as_active(
    app: Application, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        await ann.asks(ME)
    before = await Session.get(user_id=ann.id)

    move_clock(monkeypatch, minutes=sessions.IDLE.seconds // 120)
    await ann.asks(ME)
    await activity.write(app.site)

    after = await Session.get(user_id=ann.id)
    assert after.last_active_at > before.last_active_at


async def test_signing_out_ends_it_for_good(ann: Person) -> None:
    for _ in range(2):
        await ann.asks(ME)

    await ann.asks(LOGOUT)

    assert (await ann.asks(ME))["me"] is None


def test_no_more_are_remembered_than_there_is_room_for() -> None:
    recent = Recent()
    someone = Seen(Session(secret_digest="x"), User(), None, None, None, (1,))
    for number in range(MOST):
        recent.keep((str(number), None), someone)
    assert recent.get(("0", None)) is not None

    recent.keep(("one more", None), someone)

    assert recent.get(("0", None)) is not None
    assert recent.get(("1", None)) is None
    assert len(recent.seen) == MOST
