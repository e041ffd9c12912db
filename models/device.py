"""A device on which somebody has signed in before."""

from tortoise import Model, fields

from models.key import KeyField
from models.user import User


class Device(Model):
    """A device that its user is known on: it only spares its holder the waits that strangers cause."""

    id = KeyField("dev", primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="devices", on_delete=fields.CASCADE, db_index=True
    )
    user_id: str
    secret_digest = fields.CharField(64, unique=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "devices"
