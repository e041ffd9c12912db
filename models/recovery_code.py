"""A way back in for who has lost the second factor."""

from tortoise import Model, fields

from models.key import KeyField
from models.user import User


class RecoveryCode(Model):
    """One of ten codes, shown once and used once; the row keeps a slow hash."""

    id = KeyField("rec", primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="recovery_codes", on_delete=fields.CASCADE, db_index=True
    )
    user_id: str
    code_hash = fields.CharField(200)
    used_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "recovery_codes"
