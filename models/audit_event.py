"""A line of the log."""

from enum import StrEnum
from typing import Final

from tortoise import Model, fields

from models.key import KeyField
from models.permission import Permission
from models.relationship import ActorKind, Channel, Relationship

NO_ACCOUNT: Final = "acc_00000000000000000000000000"


class AuditOutcome(StrEnum):
    """How an act ended."""

    SUCCEEDED = "SUCCEEDED"
    DENIED = "DENIED"
    FAILED = "FAILED"


class AuditAction(StrEnum):
    """What was done: a closed vocabulary."""

    USER_REGISTERED = "USER_REGISTERED"
    USER_LOGGED_IN = "USER_LOGGED_IN"
    USER_LOGIN_FAILED = "USER_LOGIN_FAILED"
    USER_LOGGED_OUT = "USER_LOGGED_OUT"
    USER_PROFILE_UPDATED = "USER_PROFILE_UPDATED"
    USER_EMAIL_VERIFIED = "USER_EMAIL_VERIFIED"
    USER_LOCKED_OUT = "USER_LOCKED_OUT"
    USER_UNLOCKED = "USER_UNLOCKED"
    USER_EMAIL_CHANGE_REQUESTED = "USER_EMAIL_CHANGE_REQUESTED"
    USER_EMAIL_CHANGED = "USER_EMAIL_CHANGED"
    USER_PASSWORD_CHANGED = "USER_PASSWORD_CHANGED"  # noqa: S105  # an action
    USER_PASSWORD_RESET_REQUESTED = "USER_PASSWORD_RESET_REQUESTED"  # noqa: S105  # an action
    USER_TWO_FACTOR_ENABLED = "USER_TWO_FACTOR_ENABLED"
    USER_TWO_FACTOR_DISABLED = "USER_TWO_FACTOR_DISABLED"
    USER_RECOVERY_CODES_REGENERATED = "USER_RECOVERY_CODES_REGENERATED"
    USER_SECURITY_QUESTION_SET = "USER_SECURITY_QUESTION_SET"
    USER_SECURITY_QUESTION_REMOVED = "USER_SECURITY_QUESTION_REMOVED"
    USER_PASSKEY_ADDED = "USER_PASSKEY_ADDED"
    USER_PASSKEY_REMOVED = "USER_PASSKEY_REMOVED"
    RECOVERY_CODE_USED = "RECOVERY_CODE_USED"
    SESSION_REVOKED = "SESSION_REVOKED"
    IDENTITY_VERIFIED = "IDENTITY_VERIFIED"
    ACCOUNT_CREATED = "ACCOUNT_CREATED"
    ACCOUNT_SWITCHED = "ACCOUNT_SWITCHED"
    INVITE_SENT = "INVITE_SENT"
    INVITE_RESENT = "INVITE_RESENT"
    INVITE_ACCEPTED = "INVITE_ACCEPTED"
    INVITE_DECLINED = "INVITE_DECLINED"
    INVITE_REVOKED = "INVITE_REVOKED"
    MEMBERSHIP_UPDATED = "MEMBERSHIP_UPDATED"
    MEMBERSHIP_SUSPENDED = "MEMBERSHIP_SUSPENDED"
    MEMBERSHIP_RESTORED = "MEMBERSHIP_RESTORED"
    MEMBERSHIP_REINSTATED = "MEMBERSHIP_REINSTATED"
    MEMBERSHIP_REVOKED = "MEMBERSHIP_REVOKED"
    TICKET_OPENED = "TICKET_OPENED"
    TICKET_REPLIED = "TICKET_REPLIED"
    TICKET_CLOSED = "TICKET_CLOSED"
    TICKET_REOPENED = "TICKET_REOPENED"
    TICKET_NOTE_ADDED = "TICKET_NOTE_ADDED"
    OPERATOR_SAVED = "OPERATOR_SAVED"


class AuditHead(Model):
    """The end of a chain of events; locking it is the first thing that every act in the account does."""

    chain = KeyField("acc", primary_key=True)
    sequence = fields.BigIntField(default=0)
    hash = fields.CharField(64, default="0" * 64)

    class Meta(Model.Meta):
        table = "audit_heads"


class AuditEvent(Model):
    """A line of the log: who acted is kept apart from the account acted upon. Nothing changes or deletes one."""

    id = KeyField("evt", primary_key=True)
    chain = KeyField("acc")
    sequence = fields.BigIntField()
    action = fields.CharEnumField(AuditAction, description="AuditAction", max_length=40)
    actor_kind = fields.CharEnumField(ActorKind, description="ActorKind", max_length=10)
    actor_id = fields.CharField(40, null=True)
    actor_name = fields.CharField(201)
    relationship = fields.CharEnumField(
        Relationship, description="Relationship", max_length=20, null=True
    )
    account_id = KeyField("acc", null=True)
    ticket_id = KeyField("tkt", null=True)
    session_hint = fields.CharField(16, null=True)
    via = fields.CharEnumField(Channel, description="Channel", max_length=10)
    permission_used = fields.CharEnumField(
        Permission, description="Permission", max_length=30, null=True
    )
    targets = fields.TextField()
    changes = fields.TextField()
    outcome = fields.CharEnumField(AuditOutcome, description="AuditOutcome", max_length=10)
    ip = fields.CharField(45, null=True)
    user_agent = fields.CharField(300, null=True)
    request_id = fields.CharField(64)
    created_at = fields.DatetimeField()
    hash = fields.CharField(64)

    class Meta(Model.Meta):
        table = "audit_events"
        unique_together = (("chain", "sequence"),)
        indexes = (("ticket_id", "sequence"), ("actor_id", "created_at", "id"))
