"""Python's gql: asking over HTTP, following over a WebSocket."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

from gql import Client, GraphQLRequest
from gql.transport.aiohttp import AIOHTTPTransport
from gql.transport.exceptions import TransportConnectionFailed
from gql.transport.websockets import WebsocketsTransport

TICKETS = GraphQLRequest(
    """query ($first: Int) { tickets(first: $first, orderBy: {field: CREATED_AT, direction: ASC}) {
  totalCount nodes { subject } pageInfo { hasNextPage } } }""",
    variable_values={"first": 1},
)
REPLY = """mutation ($input: ReplyToTicketInput!) { replyToTicket(input: $input) {
  message { body } errors { code path } } }"""
LOGIN = """mutation ($input: LoginInput!) { login(input: $input) {
  sessionToken me { email } errors { code path } } }"""
FOLLOW = """subscription ($ticket: ID!, $after: String) {
  ticketUpdated(ticketId: $ticket, after: $after) {
    ... on LiveEvent { cursor } ... on TicketMessageAdded { message { body } } } }"""


async def sign_in(url: str, email: str, password: str) -> str:
    """Return the token of a new session."""
    login = GraphQLRequest(LOGIN, variable_values={"input": {"email": email, "password": password}})
    async with Client(transport=AIOHTTPTransport(url)) as nobody:
        answer = await nobody.execute(login)
    token: str = answer["login"]["sessionToken"]
    return token


def asking(url: str, token: str, account: str | None = None) -> Client:
    """Make a client that asks over HTTP, in an account if one is named, and knows the schema."""
    headers = {"authorization": f"Bearer {token}"}
    if account is not None:
        headers["X-Account-Id"] = account
    return Client(transport=AIOHTTPTransport(url, headers), fetch_schema_from_transport=True)


async def follow(url: str, token: str, ticket: str) -> AsyncGenerator[dict[str, Any]]:
    """Follow a ticket, whatever becomes of the connection; raises TransportQueryError when it may not."""
    after = None
    while True:
        transport = WebsocketsTransport(url, init_payload={"authorization": f"Bearer {token}"})
        variables = {"ticket": ticket, "after": after}
        try:
            async with Client(transport=transport) as session:
                request = GraphQLRequest(FOLLOW, variable_values=variables)
                async for answer in session.subscribe(request):
                    after = answer["ticketUpdated"]["cursor"]
                    yield answer["ticketUpdated"]
        except (TransportConnectionFailed, TimeoutError):
            pass
        await asyncio.sleep(0.5)
