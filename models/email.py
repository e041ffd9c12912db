"""A mail on its way."""

from enum import StrEnum

from tortoise import Model, fields

from models.key import KeyField


class MailDelivery(StrEnum):
    """How far a mail has come."""

    NOT_SENT = "NOT_SENT"
    QUEUED = "QUEUED"
    SENT = "SENT"
    FAILED = "FAILED"


class Email(Model):
    """A mail, written in the transaction that caused it, sent afterwards; one with a secret is blanked then."""

    id = KeyField("eml", primary_key=True)
    account_id = KeyField("acc", null=True)
    kind = fields.CharField(40)
    recipient = fields.CharField(254)
    subject = fields.CharField(500)
    body_text = fields.TextField()
    body_html = fields.TextField()
    has_secret = fields.BooleanField(default=False)
    message_id = fields.CharField(200)
    thread_id = fields.CharField(200, null=True)
    delivery = fields.CharEnumField(
        MailDelivery, description="MailDelivery", max_length=10, default=MailDelivery.QUEUED
    )
    attempts = fields.IntField(default=0)
    next_attempt_at = fields.DatetimeField()
    error = fields.CharField(300, null=True)
    created_at = fields.DatetimeField()
    sent_at = fields.DatetimeField(null=True)

    class Meta(Model.Meta):
        table = "emails"
        indexes = (("delivery", "next_attempt_at"), ("account_id", "created_at", "id"))
