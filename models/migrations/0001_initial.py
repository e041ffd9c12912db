"""The first tables, with what Tortoise cannot say of them: one owner, one pending invite, a log that only grows."""

from datetime import UTC, datetime
from uuid import UUID

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor import BaseSchemaEditor
from tortoise.migrations.schema_generator.state_apps import StateApps

from models import key
from models.account import AccountStatus, InviteEmailMatch
from models.audit_event import AuditAction, AuditOutcome
from models.email import MailDelivery
from models.invite import InviteStatus
from models.key import KeyField
from models.link import LinkPurpose
from models.membership import MembershipStatus, TicketMail
from models.operator import OperatorRole
from models.permission import Permission, PermissionsField
from models.relationship import ActorKind, Channel, Relationship
from models.session import SessionStatus
from models.ticket import TicketPriority, TicketStatus

# Exactly one owner, who is a member: the account and its first membership are written in one transaction.
OWNER_IS_A_MEMBER = """
ALTER TABLE accounts ADD CONSTRAINT accounts_owner_is_a_member
FOREIGN KEY (id, owner_id) REFERENCES memberships (account_id, user_id)
DEFERRABLE INITIALLY DEFERRED
"""
ONE_PENDING_INVITE = """
CREATE UNIQUE INDEX invites_one_pending ON invites (account_id, email_key) WHERE status = 'PENDING'
"""
SEAL = {
    "sqlite": (
        """CREATE TRIGGER audit_events_kept BEFORE DELETE ON audit_events
        BEGIN SELECT RAISE(ABORT, 'audit events are never deleted'); END""",
        """CREATE TRIGGER audit_events_fixed BEFORE UPDATE ON audit_events
        BEGIN SELECT RAISE(ABORT, 'audit events are never changed'); END""",
    ),
    "postgres": (
        """CREATE FUNCTION audit_events_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            RAISE EXCEPTION 'audit events are never changed or deleted'
            USING ERRCODE = 'integrity_constraint_violation';
        END $$""",
        """CREATE TRIGGER audit_events_fixed BEFORE UPDATE OR DELETE ON audit_events
        FOR EACH ROW EXECUTE FUNCTION audit_events_refuse()""",
        """CREATE TRIGGER audit_events_kept BEFORE TRUNCATE ON audit_events
        FOR EACH STATEMENT EXECUTE FUNCTION audit_events_refuse()""",
        # Keyset paging compares names byte by byte, as SQLite does.
        'ALTER TABLE accounts ALTER COLUMN name_key TYPE varchar(400) COLLATE "C"',
    ),
}
UNSEAL = {
    "sqlite": ("DROP TRIGGER audit_events_kept", "DROP TRIGGER audit_events_fixed"),
    "postgres": ("DROP FUNCTION audit_events_refuse CASCADE",),
}


async def seal(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    """Let the log only grow."""
    for statement in SEAL[editor.DIALECT]:
        await editor.client.execute_query(statement)


async def unseal(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    """Undo that."""
    for statement in UNSEAL[editor.DIALECT]:
        await editor.client.execute_query(statement)


async def furnish(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    """Start the chain of events without an account, and open the first department."""
    zero, general = UUID(int=0), key.read("dep", key.mint("dep"))
    client = editor.client
    await client.execute_query(
        f"INSERT INTO audit_heads (chain, sequence, hash) VALUES ('{zero}', 0, '{'0' * 64}')"  # noqa: S608
    )
    await client.execute_query(
        "INSERT INTO departments (id, name, description, open_to_guests, created_at) "  # noqa: S608
        f"VALUES ('{general}', 'General', 'Whatever it is about.', TRUE, '{datetime.now(UTC)}')"
    )


async def clear(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    """Nothing to undo: the tables go with what is in them."""


class Migration(migrations.Migration):
    """The first tables."""

    initial = True

    operations = [
        ops.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", KeyField(prefix="evt", primary_key=True, unique=True, db_index=True)),
                ("chain", KeyField(prefix="acc")),
                ("sequence", fields.BigIntField()),
                (
                    "action",
                    fields.CharEnumField(
                        description="AuditAction", enum_type=AuditAction, max_length=40
                    ),
                ),
                (
                    "actor_kind",
                    fields.CharEnumField(
                        description="ActorKind", enum_type=ActorKind, max_length=10
                    ),
                ),
                ("actor_id", fields.CharField(null=True, max_length=40)),
                ("actor_name", fields.CharField(max_length=201)),
                (
                    "relationship",
                    fields.CharEnumField(
                        null=True, description="Relationship", enum_type=Relationship, max_length=20
                    ),
                ),
                ("account_id", KeyField(prefix="acc", null=True)),
                ("ticket_id", KeyField(prefix="tkt", null=True)),
                ("session_hint", fields.CharField(null=True, max_length=16)),
                (
                    "via",
                    fields.CharEnumField(description="Channel", enum_type=Channel, max_length=10),
                ),
                (
                    "permission_used",
                    fields.CharEnumField(
                        null=True, description="Permission", enum_type=Permission, max_length=30
                    ),
                ),
                ("targets", fields.TextField(unique=False)),
                ("changes", fields.TextField(unique=False)),
                (
                    "outcome",
                    fields.CharEnumField(
                        description="AuditOutcome", enum_type=AuditOutcome, max_length=10
                    ),
                ),
                ("ip", fields.CharField(null=True, max_length=45)),
                ("user_agent", fields.CharField(null=True, max_length=300)),
                ("request_id", fields.CharField(max_length=64)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("hash", fields.CharField(max_length=64)),
            ],
            options={
                "table": "audit_events",
                "app": "models",
                "unique_together": (("chain", "sequence"),),
                "indexes": [
                    Index(fields=["ticket_id", "sequence"]),
                    Index(fields=["actor_id", "created_at", "id"]),
                ],
                "pk_attr": "id",
                "table_description": "A line of the log: who acted is kept apart from the account acted upon. Nothing changes or deletes one.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AuditHead",
            fields=[
                ("chain", KeyField(prefix="acc", primary_key=True, unique=True, db_index=True)),
                ("sequence", fields.BigIntField(default=0)),
                (
                    "hash",
                    fields.CharField(
                        default="0000000000000000000000000000000000000000000000000000000000000000",
                        max_length=64,
                    ),
                ),
            ],
            options={
                "table": "audit_heads",
                "app": "models",
                "pk_attr": "chain",
                "table_description": "The end of a chain of events; locking it is the first thing that every act in the account does.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Department",
            fields=[
                ("id", KeyField(prefix="dep", primary_key=True, unique=True, db_index=True)),
                ("name", fields.CharField(unique=True, max_length=100)),
                ("description", fields.CharField(default="", max_length=500)),
                ("email", fields.CharField(null=True, max_length=254)),
                ("open_to_guests", fields.BooleanField(default=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "departments",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A part of the support staff that takes tickets.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Email",
            fields=[
                ("id", KeyField(prefix="eml", primary_key=True, unique=True, db_index=True)),
                ("account_id", KeyField(prefix="acc", null=True)),
                ("kind", fields.CharField(max_length=40)),
                ("recipient", fields.CharField(max_length=254)),
                ("subject", fields.CharField(max_length=500)),
                ("body_text", fields.TextField(unique=False)),
                ("body_html", fields.TextField(unique=False)),
                ("has_secret", fields.BooleanField(default=False)),
                ("message_id", fields.CharField(max_length=200)),
                ("thread_id", fields.CharField(null=True, max_length=200)),
                (
                    "delivery",
                    fields.CharEnumField(
                        default=MailDelivery.QUEUED,
                        description="MailDelivery",
                        enum_type=MailDelivery,
                        max_length=10,
                    ),
                ),
                ("attempts", fields.IntField(default=0)),
                ("next_attempt_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("error", fields.CharField(null=True, max_length=300)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("sent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "emails",
                "app": "models",
                "indexes": [
                    Index(fields=["delivery", "next_attempt_at"]),
                    Index(fields=["account_id", "created_at", "id"]),
                ],
                "pk_attr": "id",
                "table_description": "A mail, written in the transaction that caused it, sent afterwards; one with a secret is blanked then.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Quota",
            fields=[
                (
                    "key",
                    fields.CharField(primary_key=True, unique=True, db_index=True, max_length=300),
                ),
                ("window_started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("count", fields.IntField()),
                ("last_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "quotas",
                "app": "models",
                "pk_attr": "key",
                "table_description": "How often something has happened lately: `mail:<address>`, `invites:<account>`. Locked while it is asked.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="User",
            fields=[
                ("id", KeyField(prefix="usr", primary_key=True, unique=True, db_index=True)),
                ("email", fields.CharField(max_length=254)),
                ("email_key", fields.CharField(unique=True, max_length=254)),
                (
                    "email_verified_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("first_name", fields.CharField(max_length=100)),
                ("last_name", fields.CharField(max_length=100)),
                ("locale", fields.CharField(max_length=8)),
                ("time_zone", fields.CharField(default="UTC", max_length=64)),
                ("password_hash", fields.CharField(max_length=200)),
                ("password_changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "users",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A person who can sign in, and belongs to any number of accounts.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Account",
            fields=[
                ("id", KeyField(prefix="acc", primary_key=True, unique=True, db_index=True)),
                ("name", fields.CharField(max_length=200)),
                ("name_key", fields.CharField(max_length=400)),
                ("email", fields.CharField(max_length=254)),
                (
                    "status",
                    fields.CharEnumField(
                        default=AccountStatus.ACTIVE,
                        description="AccountStatus",
                        enum_type=AccountStatus,
                        max_length=10,
                    ),
                ),
                (
                    "owner",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="owner_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="owned",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "invite_email_match",
                    fields.CharEnumField(
                        default=InviteEmailMatch.CONFIRM,
                        description="InviteEmailMatch",
                        enum_type=InviteEmailMatch,
                        max_length=10,
                    ),
                ),
                ("invite_domains", fields.TextField(default="", unique=False)),
                ("invite_lifetime_hours", fields.IntField(default=168)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "accounts",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The party that owns products and tickets; the database holds it to exactly one owner, who is a member.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Link",
            fields=[
                ("id", KeyField(prefix="lnk", primary_key=True, unique=True, db_index=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="links",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "purpose",
                    fields.CharEnumField(
                        description="LinkPurpose", enum_type=LinkPurpose, max_length=20
                    ),
                ),
                ("email_key", fields.CharField(max_length=254)),
                ("secret_digest", fields.CharField(unique=True, max_length=64)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("used_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "links",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A mailed link: used once, bound to a user, a purpose and the address it was sent to.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Operator",
            fields=[
                ("id", KeyField(prefix="opr", primary_key=True, unique=True, db_index=True)),
                (
                    "user",
                    fields.OneToOneField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="operator",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "role",
                    fields.CharEnumField(
                        description="OperatorRole", enum_type=OperatorRole, max_length=10
                    ),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "operators",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A user's staff profile; what they may do as a member of accounts is apart from it.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Invite",
            fields=[
                ("id", KeyField(prefix="inv", primary_key=True, unique=True, db_index=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="invites",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("email", fields.CharField(max_length=254)),
                ("email_key", fields.CharField(db_index=True, max_length=254)),
                ("locale", fields.CharField(max_length=8)),
                ("granted", PermissionsField()),
                ("note", fields.CharField(null=True, max_length=500)),
                (
                    "status",
                    fields.CharEnumField(
                        default=InviteStatus.PENDING,
                        description="InviteStatus",
                        enum_type=InviteStatus,
                        max_length=10,
                    ),
                ),
                ("secret_digest", fields.CharField(unique=True, max_length=64)),
                (
                    "invited_by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="invited_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="sent_invites",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "invited_by_operator",
                    fields.ForeignKeyField(
                        "models.Operator",
                        source_field="invited_by_operator_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="sent_invites",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("inviter_name", fields.CharField(max_length=201)),
                (
                    "membership_expires_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("sent_count", fields.IntField(default=1)),
                (
                    "last_sent_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                (
                    "mail",
                    fields.ForeignKeyField(
                        "models.Email",
                        source_field="mail_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="invites",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "responded_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
                (
                    "accepted_by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="accepted_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="accepted_invites",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
            ],
            options={
                "table": "invites",
                "app": "models",
                "indexes": [Index(fields=["account_id", "created_at", "id"])],
                "pk_attr": "id",
                "table_description": "An offer to join an account: the mailed link holds a secret, the row only its digest.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Membership",
            fields=[
                ("id", KeyField(prefix="mem", primary_key=True, unique=True, db_index=True)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="memberships",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="memberships",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "status",
                    fields.CharEnumField(
                        default=MembershipStatus.ACTIVE,
                        description="MembershipStatus",
                        enum_type=MembershipStatus,
                        max_length=10,
                    ),
                ),
                ("granted", PermissionsField()),
                (
                    "ticket_mail",
                    fields.CharEnumField(
                        default=TicketMail.MINE,
                        description="TicketMail",
                        enum_type=TicketMail,
                        max_length=5,
                    ),
                ),
                ("expires_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "invited_by",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="invited_by_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="invited",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "invited_by_operator",
                    fields.ForeignKeyField(
                        "models.Operator",
                        source_field="invited_by_operator_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="invited",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("inviter_name", fields.CharField(null=True, max_length=201)),
                ("last_active_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("joined_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ended_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("version", fields.IntField(default=1)),
            ],
            options={
                "table": "memberships",
                "app": "models",
                "unique_together": (("account", "user"),),
                "indexes": [
                    Index(fields=["user_id", "status"]),
                    Index(fields=["account_id", "joined_at", "id"]),
                    Index(fields=["user_id", "last_active_at", "id"]),
                ],
                "pk_attr": "id",
                "table_description": "A user's place in an account; whether they own it stands at the account.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Session",
            fields=[
                ("id", KeyField(prefix="ses", primary_key=True, unique=True, db_index=True)),
                (
                    "user",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="user_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("secret_digest", fields.CharField(unique=True, max_length=64)),
                (
                    "status",
                    fields.CharEnumField(
                        default=SessionStatus.ACTIVE,
                        description="SessionStatus",
                        enum_type=SessionStatus,
                        max_length=10,
                    ),
                ),
                ("account_id", KeyField(prefix="acc", null=True)),
                ("remember", fields.BooleanField(default=False)),
                ("user_agent", fields.CharField(default="", max_length=300)),
                ("ip", fields.CharField(default="", max_length=45)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("last_active_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("idle_until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "sessions",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A signed-in device: its secret is kept as a digest, its default account is what switchAccount chose.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Ticket",
            fields=[
                ("id", KeyField(prefix="tkt", primary_key=True, unique=True, db_index=True)),
                ("number", fields.CharField(unique=True, max_length=10)),
                (
                    "account",
                    fields.ForeignKeyField(
                        "models.Account",
                        source_field="account_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="tickets",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "department",
                    fields.ForeignKeyField(
                        "models.Department",
                        source_field="department_id",
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="tickets",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "opener",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="opener_id",
                        null=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="opened",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "opener_operator",
                    fields.ForeignKeyField(
                        "models.Operator",
                        source_field="opener_operator_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="opened",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("opener_name", fields.CharField(max_length=201)),
                ("opener_email", fields.CharField(null=True, max_length=254)),
                (
                    "opener_relationship",
                    fields.CharEnumField(
                        description="Relationship", enum_type=Relationship, max_length=20
                    ),
                ),
                ("opener_verified", fields.BooleanField(default=True)),
                (
                    "assigned_to",
                    fields.ForeignKeyField(
                        "models.Operator",
                        source_field="assigned_to_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="assigned",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("subject", fields.CharField(max_length=300)),
                (
                    "status",
                    fields.CharEnumField(
                        default=TicketStatus.OPEN,
                        description="TicketStatus",
                        enum_type=TicketStatus,
                        max_length=20,
                    ),
                ),
                (
                    "priority",
                    fields.IntEnumField(
                        default=TicketPriority.MEDIUM,
                        description="TicketPriority",
                        enum_type=TicketPriority,
                        generated=False,
                    ),
                ),
                ("is_locked", fields.BooleanField(default=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("updated_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "last_reply_at",
                    fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
                ),
            ],
            options={
                "table": "tickets",
                "app": "models",
                "indexes": [
                    Index(fields=["account_id", "updated_at", "id"]),
                    Index(fields=["account_id", "created_at", "id"]),
                    Index(fields=["account_id", "priority", "id"]),
                    Index(fields=["account_id", "status"]),
                ],
                "pk_attr": "id",
                "table_description": "A conversation with the support staff, about an account or about nothing but its opener.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TicketMessage",
            fields=[
                ("id", KeyField(prefix="msg", primary_key=True, unique=True, db_index=True)),
                (
                    "ticket",
                    fields.ForeignKeyField(
                        "models.Ticket",
                        source_field="ticket_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="messages",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("account_id", KeyField(prefix="acc", null=True)),
                (
                    "author_kind",
                    fields.CharEnumField(
                        description="ActorKind", enum_type=ActorKind, max_length=10
                    ),
                ),
                (
                    "author",
                    fields.ForeignKeyField(
                        "models.User",
                        source_field="author_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="messages",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                (
                    "operator",
                    fields.ForeignKeyField(
                        "models.Operator",
                        source_field="operator_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="messages",
                        on_delete=OnDelete.SET_NULL,
                    ),
                ),
                ("author_name", fields.CharField(max_length=201)),
                ("author_email", fields.CharField(null=True, max_length=254)),
                (
                    "relationship",
                    fields.CharEnumField(
                        description="Relationship", enum_type=Relationship, max_length=20
                    ),
                ),
                ("verified", fields.BooleanField(default=True)),
                ("body", fields.TextField(unique=False)),
                (
                    "via",
                    fields.CharEnumField(description="Channel", enum_type=Channel, max_length=10),
                ),
                ("ip", fields.CharField(null=True, max_length=45)),
                ("internal", fields.BooleanField(default=False)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "ticket_messages",
                "app": "models",
                "indexes": [
                    Index(fields=["ticket_id", "created_at", "id"]),
                    Index(fields=["author_id", "ticket_id"]),
                ],
                "pk_attr": "id",
                "table_description": "What was said in a ticket, with what its author was to the account at that moment.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(
            OWNER_IS_A_MEMBER, "ALTER TABLE accounts DROP CONSTRAINT accounts_owner_is_a_member"
        ),
        ops.RunSQL(ONE_PENDING_INVITE, "DROP INDEX invites_one_pending"),
        ops.RunPython(seal, unseal),
        ops.RunPython(furnish, clear),
    ]
