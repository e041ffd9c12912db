"""What was said in a ticket."""

from tortoise import Model, fields

from models.key import KeyField
from models.operator import Operator
from models.relationship import ActorKind, Channel, Relationship
from models.ticket import Ticket
from models.user import User


class TicketMessage(Model):
    """What was said in a ticket, with what its author was to the account at that moment."""

    id = KeyField("msg", primary_key=True)
    ticket: fields.ForeignKeyRelation[Ticket] = fields.ForeignKeyField(
        "models.Ticket", related_name="messages", on_delete=fields.RESTRICT
    )
    ticket_id: str
    account_id = KeyField("acc", null=True)
    author_kind = fields.CharEnumField(ActorKind, description="ActorKind", max_length=10)
    author: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="messages", null=True, on_delete=fields.SET_NULL
    )
    author_id: str | None
    operator: fields.ForeignKeyNullableRelation[Operator] = fields.ForeignKeyField(
        "models.Operator", related_name="messages", null=True, on_delete=fields.SET_NULL
    )
    operator_id: str | None
    author_name = fields.CharField(201)
    author_email = fields.CharField(254, null=True)
    relationship = fields.CharEnumField(Relationship, description="Relationship", max_length=20)
    verified = fields.BooleanField(default=True)
    body = fields.TextField()
    via = fields.CharEnumField(Channel, description="Channel", max_length=10)
    ip = fields.CharField(45, null=True)
    internal = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "ticket_messages"
        indexes = (("ticket_id", "created_at", "id"), ("author_id", "ticket_id"))
