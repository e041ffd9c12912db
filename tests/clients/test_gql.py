"""Python's gql against a running server."""

from asyncio import create_task
from contextlib import aclosing

import pytest
from gql import GraphQLRequest
from gql.transport.exceptions import TransportQueryError

from app.main import Application
from tests.clients.gql_client import REPLY, TICKETS, asking, follow, sign_in
from tests.clients.interruptions import cut, restart, say
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


async def test_gql_follows_and_misses_nothing(
    app: Application, line: Wire, ann: Person, bob: Person, acme: str, tickets: list[str]
) -> None:
    url, ticket = f"ws://{line.where}/graphql", tickets[0]
    async with aclosing(follow(url, str(bob.token), ticket)) as events:
        first = create_task(anext(events))
        await has_begun(app, acme)
        await say(ann, ticket, "One")
        heard = [await first]
        second = create_task(anext(events))
        async with cut(app, line, acme):
            await say(ann, ticket, "Two", "Three")
        heard += [await second, await anext(events)]
        fourth = create_task(anext(events))
        async with restart(app, line, acme):
            await say(ann, ticket, "Four", "Five")
        heard += [await fourth, await anext(events)]

    bodies = [event["message"]["body"] for event in heard]
    assert bodies == ["One", "Two", "Three", "Four", "Five"]


async def test_gql_is_told_that_it_may_not_follow(
    line: Wire, eve: Person, tickets: list[str]
) -> None:
    async with aclosing(follow(f"ws://{line.where}/graphql", str(eve.token), tickets[0])) as events:
        with pytest.raises(TransportQueryError) as refused:
            await anext(events)

    assert refused.value.errors is not None
    assert refused.value.errors[0]["extensions"]["code"] == "NOT_FOUND"
