"""A person who can sign in."""

from tortoise import Model, fields

from models.key import KeyField


class User(Model):
    """A person who can sign in, and belongs to any number of accounts."""

    id = KeyField("usr", primary_key=True)
    email = fields.CharField(254)
    email_key = fields.CharField(254, unique=True)
    email_verified_at = fields.DatetimeField(null=True)
    first_name = fields.CharField(100)
    last_name = fields.CharField(100)
    locale = fields.CharField(8)
    time_zone = fields.CharField(64, default="UTC")
    password_hash = fields.CharField(200)
    password_changed_at = fields.DatetimeField()
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "users"

    @property
    def display_name(self) -> str:
        """How others see the name."""
        return full_name(self.first_name, self.last_name)


def full_name(first: str, last: str) -> str:
    """Put a name together; a part may be empty."""
    return f"{first} {last}".strip()
