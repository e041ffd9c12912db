"""A conversation with the support staff."""

from enum import IntEnum, StrEnum

from tortoise import Model, fields

from models.account import Account
from models.department import Department
from models.key import KeyField
from models.operator import Operator
from models.relationship import Relationship
from models.user import User


class TicketStatus(StrEnum):
    """Whose turn it is."""

    OPEN = "OPEN"
    ANSWERED = "ANSWERED"
    CUSTOMER_REPLY = "CUSTOMER_REPLY"
    ON_HOLD = "ON_HOLD"
    CLOSED = "CLOSED"


class TicketPriority(IntEnum):
    """How urgent a ticket is; a number, so that it can be sorted by."""

    LOW = 1
    MEDIUM = 2
    HIGH = 3


class Ticket(Model):
    """A conversation with the support staff, about an account or about nothing but its opener."""

    id = KeyField("tkt", primary_key=True)
    number = fields.CharField(10, unique=True)
    account: fields.ForeignKeyNullableRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="tickets", null=True, on_delete=fields.RESTRICT
    )
    account_id: str | None
    department: fields.ForeignKeyRelation[Department] = fields.ForeignKeyField(
        "models.Department", related_name="tickets", on_delete=fields.RESTRICT, db_index=True
    )
    department_id: str
    opener: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="opened", null=True, on_delete=fields.SET_NULL, db_index=True
    )
    opener_id: str | None
    opener_operator: fields.ForeignKeyNullableRelation[Operator] = fields.ForeignKeyField(
        "models.Operator", related_name="opened", null=True, on_delete=fields.SET_NULL
    )
    opener_operator_id: str | None
    opener_name = fields.CharField(201)
    opener_email = fields.CharField(254, null=True)
    opener_relationship = fields.CharEnumField(
        Relationship, description="Relationship", max_length=20
    )
    opener_verified = fields.BooleanField(default=True)
    assigned_to: fields.ForeignKeyNullableRelation[Operator] = fields.ForeignKeyField(
        "models.Operator", related_name="assigned", null=True, on_delete=fields.SET_NULL
    )
    assigned_to_id: str | None
    subject = fields.CharField(300)
    status = fields.CharEnumField(
        TicketStatus, description="TicketStatus", max_length=20, default=TicketStatus.OPEN
    )
    priority = fields.IntEnumField(
        TicketPriority, description="TicketPriority", default=TicketPriority.MEDIUM
    )
    is_locked = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    last_reply_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "tickets"
        indexes = (
            ("account_id", "updated_at", "id"),
            ("account_id", "created_at", "id"),
            ("account_id", "priority", "id"),
            ("account_id", "status"),
        )
