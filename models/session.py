"""A signed-in device."""

from enum import StrEnum

from tortoise import Model, fields

from models.key import KeyField
from models.user import User


class SessionStatus(StrEnum):
    """Whether a session may act; EXPIRED is computed and never stored."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    EXPIRED = "EXPIRED"
    REVOKED = "REVOKED"


class Session(Model):
    """A signed-in device: its secret is kept as a digest, its default account is what switchAccount chose."""

    id = KeyField("ses", primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="sessions", on_delete=fields.CASCADE, db_index=True
    )
    user_id: str
    secret_digest = fields.CharField(64, unique=True)
    previous_digest = fields.CharField(64, null=True, unique=True)
    previous_until = fields.DatetimeField(null=True)
    two_factor_verified_at = fields.DatetimeField(null=True)
    elevated_until = fields.DatetimeField(null=True)
    status = fields.CharEnumField(
        SessionStatus, description="SessionStatus", max_length=10, default=SessionStatus.ACTIVE
    )
    account_id = KeyField("acc", null=True)
    remember = fields.BooleanField(default=False)
    user_agent = fields.CharField(300, default="")
    ip = fields.CharField(45, default="")
    created_at = fields.DatetimeField()
    last_active_at = fields.DatetimeField()
    idle_until = fields.DatetimeField()
    expires_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "sessions"
