"""How often something may happen."""

from tortoise import Model, fields


class Quota(Model):
    """How often something has happened lately: `mail:<address>`, `invites:<account>`. Locked while it is asked."""

    key = fields.CharField(300, primary_key=True)
    window_started_at = fields.DatetimeField()
    count = fields.IntField()
    last_at = fields.DatetimeField()

    class Meta(Model.Meta):
        table = "quotas"
