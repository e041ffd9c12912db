"""The log in sentences."""

from collections.abc import Mapping, Sequence

from models import AuditAction

# `{who}` is the actor, `{what}` the first target by the name it had.
SENTENCES = {
    AuditAction.USER_REGISTERED: "{who} registered",
    AuditAction.USER_LOGGED_IN: "{who} signed in",
    AuditAction.USER_LOGIN_FAILED: "Somebody failed to sign in as {what}",
    AuditAction.USER_LOGGED_OUT: "{who} signed out",
    AuditAction.USER_PROFILE_UPDATED: "{who} changed their profile",
    AuditAction.USER_EMAIL_VERIFIED: "{who} verified their e-mail address",
    AuditAction.USER_LOCKED_OUT: "The sign-in of {what} was locked",
    AuditAction.USER_UNLOCKED: "The sign-in of {what} was opened again",
    AuditAction.USER_EMAIL_CHANGE_REQUESTED: "{who} asked for another e-mail address",
    AuditAction.USER_EMAIL_CHANGED: "{who} has another e-mail address",
    AuditAction.USER_PASSWORD_CHANGED: "{who} changed the password",
    AuditAction.USER_PASSWORD_RESET_REQUESTED: "Somebody asked to reset the password of {what}",
    AuditAction.USER_TWO_FACTOR_ENABLED: "{who} turned two-factor sign-in on",
    AuditAction.USER_TWO_FACTOR_DISABLED: "{who} turned two-factor sign-in off",
    AuditAction.USER_RECOVERY_CODES_REGENERATED: "{who} made new recovery codes",
    AuditAction.USER_SECURITY_QUESTION_SET: "{who} set a security question",
    AuditAction.USER_SECURITY_QUESTION_REMOVED: "{who} removed the security question",
    AuditAction.USER_PASSKEY_ADDED: "{who} added a passkey",
    AuditAction.USER_PASSKEY_REMOVED: "{who} removed a passkey",
    AuditAction.RECOVERY_CODE_USED: "{who} used a recovery code",
    AuditAction.SESSION_REVOKED: "{who} ended a session",
    AuditAction.IDENTITY_VERIFIED: "{who} proved who they are",
    AuditAction.ACCOUNT_CREATED: "{who} created the account {what}",
    AuditAction.ACCOUNT_SWITCHED: "{who} switched to the account {what}",
    AuditAction.INVITE_SENT: "{who} invited {what}",
    AuditAction.INVITE_RESENT: "{who} sent the invite to {what} again",
    AuditAction.INVITE_ACCEPTED: "{who} accepted the invite to {what}",
    AuditAction.INVITE_DECLINED: "{who} declined the invite to {what}",
    AuditAction.INVITE_REVOKED: "{who} revoked the invite to {what}",
    AuditAction.MEMBERSHIP_UPDATED: "{who} changed what {what} may do",
    AuditAction.MEMBERSHIP_SUSPENDED: "{who} suspended the access of {what}",
    AuditAction.MEMBERSHIP_RESTORED: "{who} restored the access of {what}",
    AuditAction.MEMBERSHIP_REINSTATED: "{what} is a member again",
    AuditAction.MEMBERSHIP_REVOKED: "{who} ended the access of {what}",
    AuditAction.TICKET_OPENED: "{who} opened ticket {what}",
    AuditAction.TICKET_REPLIED: "{who} wrote in ticket {what}",
    AuditAction.TICKET_CLOSED: "{who} closed ticket {what}",
    AuditAction.TICKET_REOPENED: "{who} reopened ticket {what}",
    AuditAction.TICKET_NOTE_ADDED: "{who} added a note to ticket {what}",
    AuditAction.OPERATOR_SAVED: "{what} is support staff",
}


def of(action: AuditAction, who: str, targets: Sequence[Mapping[str, str]]) -> str:
    """Say in a sentence what an event tells."""
    what = targets[0]["label"] if targets else "it"
    return SENTENCES[action].format(who=who, what=what)
