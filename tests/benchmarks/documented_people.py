"""The usual people."""

from typing import TypeAlias

import strawberry

import models
from models import Channel, Permission, Relationship, TicketPriority, TicketStatus
from tests.benchmarks.documented_context import Context

Info: TypeAlias = strawberry.Info[Context, None]
for word in (Channel, Permission, Relationship, TicketPriority, TicketStatus, models.AccountStatus):
    strawberry.enum(word)


@strawberry.interface
class Actor:
    """Who can act."""

    id: strawberry.ID
    display_name: str


@strawberry.type
class User(Actor):
    """A person."""


@strawberry.type
class Operator(Actor):
    """Staff."""
