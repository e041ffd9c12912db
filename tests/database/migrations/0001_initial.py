from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state_apps import StateApps

OWNER_IS_A_MEMBER = """
ALTER TABLE accounts ADD CONSTRAINT accounts_owner_is_a_member
FOREIGN KEY (id, owner_id) REFERENCES memberships (account_id, user_id)
DEFERRABLE INITIALLY DEFERRED
"""
ONE_PENDING_INVITE = """
CREATE UNIQUE INDEX invites_one_pending ON invites (account_id, email) WHERE status = 'PENDING'
"""
SEAL = {
    "sqlite": (
        """CREATE TRIGGER audit_events_keep BEFORE DELETE ON audit_events
        BEGIN SELECT RAISE(ABORT, 'audit events are never deleted'); END""",
        """CREATE TRIGGER audit_events_stay BEFORE UPDATE ON audit_events
        BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END""",
    ),
    "postgres": (
        """CREATE FUNCTION audit_events_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'audit events are never changed or deleted'
            USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
        """CREATE TRIGGER audit_events_stay BEFORE UPDATE OR DELETE ON audit_events
        FOR EACH ROW EXECUTE FUNCTION audit_events_refuse()""",
        """CREATE TRIGGER audit_events_keep BEFORE TRUNCATE ON audit_events
        FOR EACH STATEMENT EXECUTE FUNCTION audit_events_refuse()""",
    ),
}
UNSEAL = {
    "sqlite": ("DROP TRIGGER audit_events_keep", "DROP TRIGGER audit_events_stay"),
    "postgres": ("DROP FUNCTION audit_events_refuse CASCADE",),
}


async def seal(apps: StateApps, editor: BaseSchemaEditor) -> None:
    for statement in SEAL[editor.DIALECT]:
        await editor.client.execute_query(statement)


async def unseal(apps: StateApps, editor: BaseSchemaEditor) -> None:
    for statement in UNSEAL[editor.DIALECT]:
        await editor.client.execute_query(statement)


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("email", fields.CharField(unique=True, max_length=254)),
            ],
            options={
                "table": "users",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Somebody; a semicolon does no harm (any more).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Account",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("name", fields.CharField(db_index=True, max_length=60)),
                (
                    "owner",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="owner_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
            ],
            options={
                "table": "accounts",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Has exactly one owner, who is a member.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("role", fields.CharField(default="MEMBER", max_length=10)),
            ],
            options={
                "table": "memberships",
                "app": "models",
                "unique_together": (("account", "user"),),
                "pk_attr": "id",
                "table_description": "Ties a user to an account, once.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Invite",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("email", fields.CharField(max_length=254)),
                ("status", fields.CharField(max_length=20)),
            ],
            options={
                "table": "invites",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Is pending once per address and account.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AuditEvent",
            fields=[
                (
                    "id",
                    fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True),
                ),
                ("action", fields.CharField(max_length=100)),
            ],
            options={
                "table": "audit_events",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Is written once, and never again.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Counter",
            fields=[
                (
                    "id",
                    fields.IntField(generated=True, primary_key=True, unique=True, db_index=True),
                ),
                ("value", fields.IntField(default=0)),
            ],
            options={
                "table": "counters",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Counts.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(
            OWNER_IS_A_MEMBER,
            "ALTER TABLE accounts DROP CONSTRAINT accounts_owner_is_a_member",
        ),
        ops.RunSQL(ONE_PENDING_INVITE, "DROP INDEX invites_one_pending"),
        ops.RunPython(seal, unseal),
    ]
