"""A small world with everything in it that is hard for a database: see its migrations."""

from uuid import UUID

from tortoise import Model, fields


class User(Model):
    """Somebody; a semicolon does no harm (any more)."""

    id = fields.UUIDField(primary_key=True)
    email = fields.CharField(254, unique=True)

    class Meta(Model.Meta):
        table = "users"


class Account(Model):
    """Has exactly one owner, who is a member."""

    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(120, db_index=True)
    owner: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User")
    owner_id: UUID

    class Meta(Model.Meta):
        table = "accounts"


class Membership(Model):
    """Ties a user to an account, once."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account")
    account_id: UUID
    user: fields.ForeignKeyRelation[User] = fields.ForeignKeyField("models.User")
    user_id: UUID
    role = fields.CharField(20, default="MEMBER")

    class Meta(Model.Meta):
        table = "memberships"
        unique_together = (("account", "user"),)


class Invite(Model):
    """Is pending once per address and account."""

    id = fields.UUIDField(primary_key=True)
    account: fields.ForeignKeyRelation[Account] = fields.ForeignKeyField("models.Account")
    email = fields.CharField(254)
    status = fields.CharField(20)

    class Meta(Model.Meta):
        table = "invites"


class AuditEvent(Model):
    """Is written once, and never again."""

    id = fields.UUIDField(primary_key=True)
    action = fields.CharField(100)

    class Meta(Model.Meta):
        table = "audit_events"


class Counter(Model):
    """Counts."""

    id = fields.IntField(primary_key=True)
    value = fields.IntField(default=0)

    class Meta(Model.Meta):
        table = "counters"
