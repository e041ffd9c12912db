"""A person of the support staff."""

from enum import StrEnum

from tortoise import Model, fields

from models.key import KeyField
from models.user import User


class OperatorRole(StrEnum):
    """How much of the staff area an operator may use: an admin may do all that an agent may."""

    AGENT = "AGENT"
    ADMIN = "ADMIN"


class Operator(Model):
    """A user's staff profile; what they may do as a member of accounts is apart from it."""

    id = KeyField("opr", primary_key=True)
    user: fields.OneToOneRelation[User] = fields.OneToOneField(
        "models.User", related_name="operator", on_delete=fields.RESTRICT
    )
    user_id: str
    role = fields.CharEnumField(OperatorRole, description="OperatorRole", max_length=10)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "operators"
