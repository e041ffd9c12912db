"""Where a ticket can be opened."""

from tortoise import Model, fields

from models.key import KeyField


class Department(Model):
    """A part of the support staff that takes tickets."""

    id = KeyField("dep", primary_key=True)
    name = fields.CharField(100, unique=True)
    description = fields.CharField(500, default="")
    email = fields.CharField(254, null=True)
    open_to_guests = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "departments"
