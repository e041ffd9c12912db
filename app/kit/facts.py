"""What each kind of mail tells; `at` is when it happened, `device` is a label such as `Firefox on Linux`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, TypedDict


class Invite(TypedDict):
    """Somebody is invited; `permissions` are the keys of the permissions offered."""

    account: str
    inviter: str
    note: str | None
    permissions: Sequence[str]
    link: str
    expires_at: datetime


class InviteDeclined(TypedDict):
    """To the inviter `name`: the invite for the address `invited` was declined."""

    name: str
    account: str
    invited: str


class InviteAcceptedByOtherAddress(TypedDict):
    """To the inviter `name`: for the address `invited` somebody came who signs in as `joined`."""

    name: str
    account: str
    invited: str
    joined_name: str
    joined: str


class TicketReply(TypedDict):
    """To `name`: `author` wrote in a ticket; `badge` is the key of what they are to the account."""

    name: str
    number: str
    subject: str
    author: str
    badge: str
    body: str
    link: str


class VerifyEmail(TypedDict):
    """To `name`: prove the address, within so many hours."""

    name: str
    link: str
    hours: int


class ChangeEmail(TypedDict):
    """To the address that `name` wants to sign in with from now on: prove it, within so many hours."""

    name: str
    link: str
    hours: int


class EmailChanged(TypedDict):
    """To the address that `name` signs in with no longer; `email` is the new one, masked."""

    name: str
    email: str
    at: datetime


class RegistrationAttempted(TypedDict):
    """To the user `name`: somebody tried to register with their address; the link leads to signing in."""

    name: str
    link: str


class ResetPassword(TypedDict):
    """To `name`: set a new password, within so many minutes."""

    name: str
    link: str
    minutes: int


class PasswordChanged(TypedDict):
    """To `name`: the password is another one now, and all other sessions have ended."""

    name: str
    at: datetime
    device: str


class TwoFactorEnabled(TypedDict):
    """To `name`: signing in takes a code now."""

    name: str
    at: datetime


class TwoFactorDisabled(TypedDict):
    """To `name`: signing in takes no code any more."""

    name: str
    at: datetime


class RecoveryCodeUsed(TypedDict):
    """To `name`: a recovery code stood in for the second factor, and so many are left."""

    name: str
    left: int
    at: datetime
    device: str


class PasskeyAdded(TypedDict):
    """To `name`: the key that they call `passkey` can sign in now."""

    name: str
    passkey: str
    at: datetime


class PasskeyRemoved(TypedDict):
    """To `name`: the key that they call `passkey` can sign in no longer."""

    name: str
    passkey: str
    at: datetime


class NewDevice(TypedDict):
    """To `name`: somebody signed in as them where they never did before."""

    name: str
    device: str
    ip: str
    at: datetime


class Locked(TypedDict):
    """To `name`: after too many misses strangers are kept out for so many hours, or until the link is used."""

    name: str
    link: str
    hours: int


FACTS: Final[Mapping[str, type]] = {
    "invite": Invite,
    "invite_declined": InviteDeclined,
    "invite_accepted_by_other_address": InviteAcceptedByOtherAddress,
    "ticket_reply": TicketReply,
    "verify_email": VerifyEmail,
    "change_email": ChangeEmail,
    "email_changed": EmailChanged,
    "registration_attempted": RegistrationAttempted,
    "reset_password": ResetPassword,
    "password_changed": PasswordChanged,
    "two_factor_enabled": TwoFactorEnabled,
    "two_factor_disabled": TwoFactorDisabled,
    "recovery_code_used": RecoveryCodeUsed,
    "passkey_added": PasskeyAdded,
    "passkey_removed": PasskeyRemoved,
    "new_device": NewDevice,
    "locked": Locked,
}
