"""Strawberry as its documentation says: model objects behind resolvers, DataLoaders, caches of documents, orjson.

It answers the page, the chooser and the reply, with the same checks of session and membership; limits, masking,
codes of errors, request ids and rules on types are not in it.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.websockets import WebSocket
from strawberry.asgi import GraphQL
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.schema.config import StrawberryConfig

import models
from app.database.opening import opened
from models import MembershipStatus, Permission
from resolvers.scalars import SCALARS
from tests.benchmarks import documented_writes
from tests.benchmarks.documented_accounts import Account
from tests.benchmarks.documented_context import Context
from tests.benchmarks.documented_people import Info, Operator, User
from tests.benchmarks.documented_types import Page, Ticket
from tests.benchmarks.documented_writes import ReplyToTicketInput, ReplyToTicketPayload


@strawberry.type
class Query:
    """What can be asked."""

    @strawberry.field
    async def ticket(self, info: Info, id: strawberry.ID) -> Ticket | None:
        """A ticket of an account of the viewer's."""
        await info.context.session()
        row = await models.Ticket.get_or_none(id=id)
        if row is None or row.account_id is None:
            return None
        held = await info.context.held(row.account_id)
        account = await info.context.accounts.load(row.account_id)
        if held is None or account is None:
            return None
        may = account.owner_id == held.user_id or Permission.TICKETS in held.granted
        return Ticket.of(row) if may else None

    @strawberry.field
    async def accounts(self, info: Info, first: int = 20) -> Page[Account] | None:
        """The accounts of the viewer."""
        viewer = (await info.context.session()).user_id
        held = models.Membership.filter(user_id=viewer).exclude(status=MembershipStatus.ENDED)
        rows = await held.order_by("account__name_key", "id").limit(first + 1)
        for row in rows:
            info.context.members.prime((row.account_id, viewer), row)
        found = await info.context.accounts.load_many([row.account_id for row in rows[:first]])
        return Page.of([Account.of(row) for row in found if row], has_more=len(rows) > first)


@strawberry.type
class Mutation:
    """What can be done."""

    @strawberry.mutation
    async def reply_to_ticket(
        self, info: Info, input: ReplyToTicketInput
    ) -> ReplyToTicketPayload | None:
        """Write in a ticket."""
        return await documented_writes.reply(info, input)


class View(GraphQL[Context, None]):
    """Strawberry's own endpoint, with orjson."""

    async def get_context(
        self, request: Request | WebSocket, response: Response | WebSocket
    ) -> Context:
        """Note who asks."""
        return Context(request.headers.get("authorization", "")[len("Bearer ") :])

    def encode_json(self, data: object) -> bytes:
        """Write an answer."""
        return orjson.dumps(data)

    def decode_json(self, data: str | bytes) -> object:
        """Read a question."""
        return orjson.loads(data)


@asynccontextmanager
async def lifespan(_app: Starlette) -> AsyncIterator[None]:
    """Open the database."""
    async with opened(os.environ["KEYFOB_DATABASE_URL"]):
        yield


schema = strawberry.Schema(
    Query,
    Mutation,
    types=[User, Operator],
    config=StrawberryConfig(scalar_map=SCALARS),
    extensions=[lambda: ParserCache(maxsize=256), lambda: ValidationCache(maxsize=256)],
)
app = Starlette(routes=[Route("/graphql", View(schema, graphql_ide=None))], lifespan=lifespan)
