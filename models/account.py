"""The party that owns products and tickets."""

from enum import StrEnum

from tortoise import Model, fields

from models.key import KeyField
from models.user import User


class AccountStatus(StrEnum):
    """What an account may do: everything, all but order, tickets only, nothing."""

    ACTIVE = "ACTIVE"
    INACTIVE = "INACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"


class InviteEmailMatch(StrEnum):
    """Whether someone with another address than the invited one may accept."""

    REQUIRED = "REQUIRED"
    CONFIRM = "CONFIRM"


class Account(Model):
    """The party that owns products and tickets; the database holds it to exactly one owner, who is a member."""

    id = KeyField("acc", primary_key=True)
    name = fields.CharField(200)
    name_key = fields.CharField(400)
    email = fields.CharField(254)
    status = fields.CharEnumField(
        AccountStatus, description="AccountStatus", max_length=10, default=AccountStatus.ACTIVE
    )
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="owned", on_delete=fields.RESTRICT, db_index=True
    )
    owner_id: str
    invite_email_match = fields.CharEnumField(
        InviteEmailMatch,
        description="InviteEmailMatch",
        max_length=10,
        default=InviteEmailMatch.CONFIRM,
    )
    invite_domains = fields.TextField(default="")
    invite_lifetime_hours = fields.IntField(default=168)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "accounts"
