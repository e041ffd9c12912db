"""The tie between a user and an account."""

from enum import StrEnum

from tortoise import Model, fields

from models.account import Account
from models.key import KeyField
from models.operator import Operator
from models.permission import PermissionsField
from models.user import User


class MembershipStatus(StrEnum):
    """Whether a member is let in; ended memberships are kept."""

    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    ENDED = "ENDED"


class TicketMail(StrEnum):
    """Which ticket mail a member gets: none, of tickets they take part in, or of all tickets of the account."""

    NONE = "NONE"
    MINE = "MINE"
    ALL = "ALL"


class Membership(Model):
    """A user's place in an account; whether they own it stands at the account."""

    id = KeyField("mem", primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="memberships", on_delete=fields.RESTRICT
    )
    account_id: str
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="memberships", on_delete=fields.RESTRICT
    )
    user_id: str
    status = fields.CharEnumField(
        MembershipStatus,
        description="MembershipStatus",
        max_length=10,
        default=MembershipStatus.ACTIVE,
    )
    granted = PermissionsField()
    ticket_mail = fields.CharEnumField(
        TicketMail, description="TicketMail", max_length=5, default=TicketMail.MINE
    )
    expires_at = fields.DatetimeField(null=True)
    invited_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="invited", null=True, on_delete=fields.SET_NULL
    )
    invited_by_id: str | None
    invited_by_operator: fields.ForeignKeyNullableRelation[Operator] = fields.ForeignKeyField(
        "models.Operator", related_name="invited", null=True, on_delete=fields.SET_NULL
    )
    invited_by_operator_id: str | None
    inviter_name = fields.CharField(201, null=True)
    last_active_at = fields.DatetimeField()
    joined_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    version = fields.IntField(default=1)

    class Meta(Model.Meta):
        table = "memberships"
        unique_together = (("account", "user"),)
        indexes = (
            ("user_id", "status"),
            ("account_id", "joined_at", "id"),
            ("user_id", "last_active_at", "id"),
        )
