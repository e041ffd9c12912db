"""People on a socket: who they are, and where they are let in, is found out at every operation."""

from app.main import Application
from models import Membership, Session
from tests.sockets import served
from tests.stage import LOGIN, PASSWORD, Person
from tests.test_live import REVOKE
from tests.web.talking import answers, greet, opened

ME = "{ me { email } }"
TICKETS = "{ tickets { totalCount } }"
NOBODY = [{"data": {"me": None}}, "complete"]


async def test_who_has_signed_out_is_nobody_from_then_on(app: Application, bob: Person) -> None:
    async with served(app) as where, opened(where) as socket:
        await greet(socket, authorization=f"Bearer {bob.token}")
        before = await answers(socket, ME)
        await bob.asks("mutation { logout { errors { code } } }")
        after = await answers(socket, ME)

    assert before == [{"data": {"me": {"email": "bob@x.example"}}}, "complete"]
    assert after == NOBODY


async def test_who_was_removed_is_let_in_no_more(
    app: Application, ann: Person, bob: Person, acme: str
) -> None:
    member = await Membership.get(user_id=bob.id, account_id=acme)
    async with served(app) as where, opened(where) as socket:
        await greet(socket, authorization=f"Bearer {bob.token}", accountId=acme)
        before = await answers(socket, TICKETS)
        await ann.does(REVOKE, membershipId=member.id)
        after = await answers(socket, TICKETS)

    assert before[0] == {
        "data": {"tickets": {"totalCount": 0}},
        "extensions": {"accountContext": {"accountId": acme, "source": "REQUEST"}},
    }
    assert after == [await bob.at(acme).tries(TICKETS), "complete"]
    assert "NOT_A_MEMBER" in str(after)


async def test_nobody_is_given_a_cookie_on_a_socket(app: Application, bob: Person) -> None:
    sessions = await Session.all().count()
    input = {"email": bob.email, "password": PASSWORD, "transport": "COOKIE"}
    async with served(app) as where, opened(where) as socket:
        await greet(socket)
        answer, _ = await answers(socket, LOGIN, variables={"input": input})

    errors = [{"code": "INVALID_INPUT", "path": ["transport"]}]
    login = {"sessionToken": None, "me": None, "session": None, "errors": errors}
    assert answer == {"data": {"login": login}}
    assert await Session.all().count() == sessions


async def test_signing_in_on_a_socket_is_for_the_next_one(app: Application, bob: Person) -> None:
    input = {"email": bob.email, "password": PASSWORD}
    async with served(app) as where, opened(where) as socket:
        await greet(socket)
        answer, _ = await answers(socket, LOGIN, variables={"input": input})
        later = await answers(socket, ME)

    assert "'errors': []" in str(answer)
    assert later == NOBODY
