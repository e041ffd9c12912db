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
    must_change_password = fields.BooleanField(default=False, db_default=False)
    pending_email = fields.CharField(254, null=True)
    pending_email_key = fields.CharField(254, null=True)
    totp_cipher = fields.CharField(300, null=True)
    totp_step = fields.BigIntField(default=0, db_default=0)
    totp_pending_cipher = fields.CharField(300, null=True)
    two_factor_enabled_at = fields.DatetimeField(null=True)
    question = fields.CharField(200, null=True)
    answer_hash = fields.CharField(200, null=True)
    question_set_at = fields.DatetimeField(null=True)
    last_login_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "users"

    @property
    def display_name(self) -> str:
        """How others see the name."""
        return full_name(self.first_name, self.last_name)

    @property
    def has_two_factor(self) -> bool:
        """Whether a second factor is enrolled."""
        return self.two_factor_enabled_at is not None


def full_name(first: str, last: str) -> str:
    """Put a name together; a part may be empty."""
    return f"{first} {last}".strip()
