"""A sample of each mail: for reading it before anybody gets one."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from app.kit import facts

SITE: Final = "https://keyfob.example"
SECRET: Final = "0123456789-abcdefghijklmnopqrstuvwxyz_ABCDEFG"  # noqa: S105  # nobody's
AT: Final = datetime(2026, 12, 2, 14, 5, tzinfo=UTC)
DEVICE: Final = "Firefox on Linux"

MAILS: Final[Mapping[str, Mapping[str, object]]] = {
    "invite": facts.Invite(
        account="Acme",
        inviter="Ann Smith",
        note="Hi Bob,\nplease help.",
        permissions=["PRODUCTS", "INVOICES", "TICKETS"],
        link=f"{SITE}/invite/{SECRET}",
        expires_at=AT,
    ),
    "invite_declined": facts.InviteDeclined(name="Ann", account="Acme", invited="bob@x.example"),
    "invite_accepted_by_other_address": facts.InviteAcceptedByOtherAddress(
        name="Ann",
        account="Acme",
        invited="bob@x.example",
        joined_name="Bob Jones",
        joined="robert@y.example",
    ),
    "ticket_reply": facts.TicketReply(
        name="Bob",
        number="ABC-123456",
        subject="Printer on fire",
        author="Sue",
        badge="OPERATOR",
        body="Dear Bob,\n\n    put it out.\n.\nMAIL FROM:<x@x.example>\n",
        link=f"{SITE}/tickets/tkt_01h455vb4pex5vsknk084sn02q",
    ),
    "verify_email": facts.VerifyEmail(name="Ann", link=f"{SITE}/verify-email/{SECRET}", hours=24),
    "change_email": facts.ChangeEmail(name="Ann", link=f"{SITE}/verify-email/{SECRET}", hours=24),
    "email_changed": facts.EmailChanged(name="Ann", email="a•••@y.example", at=AT),
    "registration_attempted": facts.RegistrationAttempted(name="Ann", link=SITE),
    "reset_password": facts.ResetPassword(name="Ann", link=f"{SITE}/reset/{SECRET}", minutes=60),
    "password_changed": facts.PasswordChanged(name="Ann", at=AT, device=DEVICE),
    "two_factor_enabled": facts.TwoFactorEnabled(name="Ann", at=AT),
    "two_factor_disabled": facts.TwoFactorDisabled(name="Ann", at=AT),
    "recovery_code_used": facts.RecoveryCodeUsed(name="Ann", left=7, at=AT, device=DEVICE),
    "passkey_added": facts.PasskeyAdded(name="Ann", passkey="Ann's phone", at=AT),
    "passkey_removed": facts.PasskeyRemoved(name="Ann", passkey="Ann's phone", at=AT),
    "new_device": facts.NewDevice(name="Ann", device=DEVICE, ip="192.0.2.10", at=AT),
    "locked": facts.Locked(name="Ann", link=f"{SITE}/unlock/{SECRET}", hours=24),
}
