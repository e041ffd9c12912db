"""A key that a device or a browser keeps for its user (WebAuthn)."""

from enum import StrEnum

from tortoise import Model, fields

from models.key import KeyField
from models.user import User


class Passkey(Model):
    """A WebAuthn credential: its public key, and the count of its signatures."""

    id = KeyField("psk", primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="passkeys", on_delete=fields.CASCADE, db_index=True
    )
    user_id: str
    credential_id = fields.CharField(1400, unique=True)
    public_key = fields.TextField()
    sign_count = fields.BigIntField(default=0)
    name = fields.CharField(100)
    created_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "passkeys"


class ChallengePurpose(StrEnum):
    """What a challenge may be answered for."""

    SETUP = "SETUP"
    PROOF = "PROOF"


class Challenge(Model):
    """A WebAuthn challenge: answered once, within minutes; one for a set-up belongs to its user."""

    id = KeyField("chl", primary_key=True)
    user_id = KeyField("usr", null=True)
    purpose = fields.CharEnumField(ChallengePurpose, description="ChallengePurpose", max_length=10)
    challenge = fields.CharField(100)
    expires_at = fields.DatetimeField(db_index=True)

    class Meta(Model.Meta):
        table = "challenges"
