"""Who is heard in a ticket."""

from typing import TYPE_CHECKING

from app.database.statements import Row
from app.domain.ticket_access import Desk
from models import ActorKind
from resolvers.badges import RelationshipBadge
from resolvers.people import Actor, Guest, Operator, User

if TYPE_CHECKING:  # the way up; at run time it is handed in
    from resolvers.accounts import Account


class Voices:
    """Those who write in a ticket, with their badges: a few people, who say most of a page."""

    def __init__(self, desk: Desk, account: "Account | None") -> None:
        self.desk, self.account = desk, account
        self.heard: dict[tuple[object, ...], tuple[Actor, RelationshipBadge]] = {}

    def of(self, row: Row) -> tuple[Actor, RelationshipBadge]:
        """Show who wrote a message, and what they are; guests are as many as their messages."""
        id = row["operator.id"] or row["author.id"] or row["id"]
        key = (id, row["author_kind"], row["relationship"], row["verified"])
        if key not in self.heard:
            badge = RelationshipBadge.of(row, "", self.account)
            self.heard[key] = author_of(row, self.desk), badge
        return self.heard[key]


def author_of(row: Row, desk: Desk) -> Actor:
    """Show who wrote a message; whoever is deleted keeps the name."""
    if row["author_kind"] is ActorKind.OPERATOR and row["operator.id"]:
        return Operator.of(row, "operator", desk.viewer)
    if row["author.id"]:
        return User.of(row, "author", desk.viewer)
    return Guest.of(row["id"], row["author_name"])
