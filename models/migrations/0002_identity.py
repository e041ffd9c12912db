from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from models.key import KeyField
from models.passkey import ChallengePurpose


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Challenge",
            fields=[
                ("id", KeyField(prefix="chl", primary_key=True, unique=True, db_index=True)),
                ("user_id", KeyField(prefix="usr", null=True)),
                (
                    "purpose",
                    fields.CharEnumField(
                        description="ChallengePurpose", enum_type=ChallengePurpose, max_length=10
                    ),
                ),
                ("challenge", fields.CharField(max_length=100)),
                (
                    "expires_at",
                    fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "challenges",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A WebAuthn challenge: answered once, within minutes; one for a set-up belongs to its user.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Device",
            fields=[
                ("id", KeyField(prefix="dev", primary_key=True, unique=True, db_index=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="devices",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("secret_digest", fields.CharField(unique=True, max_length=64)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "devices",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A device that its user is known on: it only spares its holder the waits that strangers cause.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Passkey",
            fields=[
                ("id", KeyField(prefix="psk", primary_key=True, unique=True, db_index=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="passkeys",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("credential_id", fields.CharField(unique=True, max_length=1400)),
                ("public_key", fields.TextField(unique=False)),
                ("sign_count", fields.BigIntField(default=0)),
                ("name", fields.CharField(max_length=100)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "last_used_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "passkeys",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A WebAuthn credential: its public key, and the count of its signatures.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RecoveryCode",
            fields=[
                ("id", KeyField(prefix="rec", primary_key=True, unique=True, db_index=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="recovery_codes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("code_hash", fields.CharField(max_length=200)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "recovery_codes",
                "app": "models",
                "pk_attr": "id",
                "table_description": "One of ten codes, shown once and used once; the row keeps a slow hash.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Throttle",
            fields=[
                (
                    "key",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=80),
                ),
                ("misses", fields.IntField()),
                ("last_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "locked_until",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "throttles",
                "app": "models",
                "pk_attr": "key",
                "table_description": "Misses in a row, of an address, a source or a device; the same for addresses that nobody has.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Session",
            name="elevated_until",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Session",
            name="previous_digest",
            field=fields.CharField(null=True, unique=True, max_length=64),
        ),
        ops.AddField(
            model_name="Session",
            name="previous_until",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Session",
            name="two_factor_verified_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="User",
            name="answer_hash",
            field=fields.CharField(null=True, max_length=200),
        ),
        ops.AddField(
            model_name="User",
            name="last_login_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="User",
            name="must_change_password",
            field=fields.BooleanField(default=False, db_default=False),
        ),
        ops.AddField(
            model_name="User",
            name="pending_email",
            field=fields.CharField(null=True, max_length=254),
        ),
        ops.AddField(
            model_name="User",
            name="pending_email_key",
            field=fields.CharField(null=True, max_length=254),
        ),
        ops.AddField(
            model_name="User",
            name="question",
            field=fields.CharField(null=True, max_length=200),
        ),
        ops.AddField(
            model_name="User",
            name="question_set_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="User",
            name="totp_cipher",
            field=fields.CharField(null=True, max_length=300),
        ),
        ops.AddField(
            model_name="User",
            name="totp_pending_cipher",
            field=fields.CharField(null=True, max_length=300),
        ),
        ops.AddField(
            model_name="User",
            name="totp_step",
            field=fields.BigIntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name="User",
            name="two_factor_enabled_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
