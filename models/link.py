"""A mailed link that proves an address."""

from enum import StrEnum

from tortoise import Model, fields

from models.key import KeyField
from models.user import User


class LinkPurpose(StrEnum):
    """What a link is good for; a link for one thing never does another."""

    VERIFY_EMAIL = "VERIFY_EMAIL"
    CHANGE_EMAIL = "CHANGE_EMAIL"
    RESET_PASSWORD = "RESET_PASSWORD"  # noqa: S105  # a purpose, no password
    UNLOCK = "UNLOCK"


class Link(Model):
    """A mailed link: used once, bound to a user, a purpose and the address it was sent to."""

    id = KeyField("lnk", primary_key=True)
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField(
        "models.User", related_name="links", on_delete=fields.CASCADE, db_index=True
    )
    user_id: str
    purpose = fields.CharEnumField(LinkPurpose, description="LinkPurpose", max_length=20)
    email_key = fields.CharField(254)
    secret_digest = fields.CharField(64, unique=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "links"
