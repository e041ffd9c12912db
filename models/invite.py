"""An offer to join an account."""

from enum import StrEnum

from tortoise import Model, fields

from models.account import Account
from models.email import Email
from models.key import KeyField
from models.operator import Operator
from models.permission import PermissionsField
from models.user import User


class InviteStatus(StrEnum):
    """What became of an invite; EXPIRED is PENDING after its time, and never stored."""

    PENDING = "PENDING"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"


class Invite(Model):
    """An offer to join an account: the mailed link holds a secret, the row only its digest."""

    id = KeyField("inv", primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField(
        "models.Account", related_name="invites", on_delete=fields.RESTRICT
    )
    account_id: str
    email = fields.CharField(254)
    email_key = fields.CharField(254, db_index=True)
    locale = fields.CharField(8)
    granted = PermissionsField()
    note = fields.CharField(500, null=True)
    status = fields.CharEnumField(
        InviteStatus, description="InviteStatus", max_length=10, default=InviteStatus.PENDING
    )
    secret_digest = fields.CharField(64, unique=True)
    invited_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="sent_invites", null=True, on_delete=fields.SET_NULL
    )
    invited_by_id: str | None
    invited_by_operator: fields.ForeignKeyNullableRelation[Operator] = fields.ForeignKeyField(
        "models.Operator", related_name="sent_invites", null=True, on_delete=fields.SET_NULL
    )
    invited_by_operator_id: str | None
    inviter_name = fields.CharField(201)
    membership_expires_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    sent_count = fields.IntField(default=1)
    last_sent_at = fields.DatetimeField(null=True)
    mail: fields.ForeignKeyNullableRelation[Email] = fields.ForeignKeyField(
        "models.Email", related_name="invites", null=True, on_delete=fields.SET_NULL
    )
    mail_id: str | None
    responded_at = fields.DatetimeField(null=True)
    accepted_by: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="accepted_invites", null=True, on_delete=fields.SET_NULL
    )
    accepted_by_id: str | None

    class Meta(Model.Meta):
        table = "invites"
        indexes = (("account_id", "created_at", "id"),)
