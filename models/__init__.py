from models.account import Account, AccountStatus, InviteEmailMatch
from models.audit_event import NO_ACCOUNT, AuditAction, AuditEvent, AuditHead, AuditOutcome
from models.department import Department
from models.device import Device
from models.email import Email, MailDelivery
from models.invite import Invite, InviteStatus
from models.link import Link, LinkPurpose
from models.membership import Membership, MembershipStatus, TicketMail
from models.operator import Operator, OperatorRole
from models.passkey import Challenge, ChallengePurpose, Passkey
from models.permission import EVERYTHING, Permission, Permissions
from models.quota import Quota
from models.recovery_code import RecoveryCode
from models.relationship import ActorKind, Channel, Relationship
from models.session import Session, SessionStatus
from models.throttle import Throttle
from models.ticket import Ticket, TicketPriority, TicketStatus
from models.ticket_message import TicketMessage
from models.user import User

__all__ = [
    "EVERYTHING",
    "NO_ACCOUNT",
    "Account",
    "AccountStatus",
    "ActorKind",
    "AuditAction",
    "AuditEvent",
    "AuditHead",
    "AuditOutcome",
    "Challenge",
    "ChallengePurpose",
    "Channel",
    "Department",
    "Device",
    "Email",
    "Invite",
    "InviteEmailMatch",
    "InviteStatus",
    "Link",
    "LinkPurpose",
    "MailDelivery",
    "Membership",
    "MembershipStatus",
    "Operator",
    "OperatorRole",
    "Passkey",
    "Permission",
    "Permissions",
    "Quota",
    "RecoveryCode",
    "Relationship",
    "Session",
    "SessionStatus",
    "Throttle",
    "Ticket",
    "TicketMail",
    "TicketMessage",
    "TicketPriority",
    "TicketStatus",
    "User",
]
