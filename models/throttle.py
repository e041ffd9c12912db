"""How often somebody has guessed wrong."""

from tortoise import Model, fields


class Throttle(Model):
    """Misses in a row, of an address, a source or a device; the same for addresses that nobody has."""

    key = fields.CharField(80, primary_key=True)
    misses = fields.IntField()
    last_at = fields.DatetimeField()
    locked_until = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "throttles"
