"""Python's gql against a running server."""

from asyncio import create_task
from contextlib import aclosing

import pytest
from gql import GraphQLRequest
from gql.transport.exceptions import TransportQueryError

from app.main import Application
from tests import stage
from tests.clients.gql_client import REPLY, TICKETS, asking, follow, sign_in
from tests.clients.interruptions import Interruption, cut, restart
from tests.clients.wire import Wire
from tests.stage import PASSWORD, Person
from tests.test_live import has_begun


async def test_gql_signs_in_asks_writes_and_is_refused(
    line: Wire, bob: Person, acme: str, tickets: list[str]
) -> None:
    url = f"http://{line.where}/graphql"
    token = await sign_in(url, bob.email, PASSWORD)
    async with asking(url, token, acme) as session:
        found = await session.execute(TICKETS)
        replies = []
        for body in ("Hello", ""):
            variables = {"input": {"ticketId": tickets[0], "body": body}}
            replies.append(await session.execute(GraphQLRequest(REPLY, variable_values=variables)))

    assert found["tickets"] == {
        "totalCount": 2,
        "nodes": [{"subject": "Help"}],
        "pageInfo": {"hasNextPage": True},
    }
    assert [each["replyToTicket"] for each in replies] == [
        {"message": {"body": "Hello"}, "errors": []},
        {"message": None, "errors": [{"code": "INVALID_INPUT", "path": ["body"]}]},
    ]


async def test_gql_raises_what_is_denied(line: Wire, bob: Person, tickets: list[str]) -> None:
    url = f"http://{line.where}/graphql"
    async with asking(url, await sign_in(url, bob.email, PASSWORD)) as session:
        with pytest.raises(TransportQueryError) as denied:
            await session.execute(TICKETS)

    assert denied.value.errors is not None
    assert denied.value.errors[0]["extensions"]["code"] == "ACCOUNT_REQUIRED"


@pytest.mark.parametrize("interruption", [cut, restart])
async def test_gql_follows_and_misses_nothing(
    interruption: Interruption,
    app: Application,
    line: Wire,
    ann: Person,
    bob: Person,
    acme: str,
    tickets: list[str],
) -> None:
    url, ticket = f"ws://{line.where}/graphql", tickets[0]
    async with aclosing(follow(url, str(bob.token), ticket)) as events:
        first = create_task(anext(events))
        await has_begun(app, acme)
        await ann.does(stage.REPLY, ticketId=ticket, body="One")
        heard = [await first]
        second = create_task(anext(events))
        async with interruption(app, line, acme):
            for body in ("Two", "Three"):
                await ann.does(stage.REPLY, ticketId=ticket, body=body)
        heard += [await second, await anext(events)]
        await bob.does(stage.REPLY, ticketId=ticket, body="Four")
        heard.append(await anext(events))

    assert [event["message"]["body"] for event in heard] == ["One", "Two", "Three", "Four"]


async def test_gql_is_told_that_it_may_not_follow(
    line: Wire, eve: Person, tickets: list[str]
) -> None:
    async with aclosing(follow(f"ws://{line.where}/graphql", str(eve.token), tickets[0])) as events:
        with pytest.raises(TransportQueryError) as refused:
            await anext(events)

    assert refused.value.errors is not None
    assert refused.value.errors[0]["extensions"]["code"] == "NOT_FOUND"
