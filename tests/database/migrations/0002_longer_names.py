from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]

    initial = False

    operations = [
        ops.AlterField(
            model_name="Account",
            name="name",
            field=fields.CharField(db_index=True, max_length=120),
        ),
        ops.AlterField(
            model_name="Membership",
            name="role",
            field=fields.CharField(default="MEMBER", max_length=20),
        ),
    ]
