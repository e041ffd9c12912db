"""What somebody who acts is to an account."""

from enum import StrEnum


class Relationship(StrEnum):
    """What the author of a message is to the account of the ticket."""

    OWNER = "OWNER"
    AUTHORIZED_USER = "AUTHORIZED_USER"
    REGISTERED_USER = "REGISTERED_USER"
    CONTACT = "CONTACT"
    GUEST = "GUEST"
    OPERATOR = "OPERATOR"
    AUTOMATION = "AUTOMATION"


class Channel(StrEnum):
    """Through what something was done."""

    WEB = "WEB"
    API = "API"
    EMAIL = "EMAIL"
    OPERATOR = "OPERATOR"
    SYSTEM = "SYSTEM"


class ActorKind(StrEnum):
    """What sort of somebody acts."""

    USER = "USER"
    OPERATOR = "OPERATOR"
    GUEST = "GUEST"
    SYSTEM = "SYSTEM"
