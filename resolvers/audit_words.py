"""What the log calls things: declared before anything speaks of it."""

from models import AuditAction, AuditOutcome
from resolvers.declare import words

__all__ = ["AuditAction", "AuditOutcome"]

words(AuditAction)
words(AuditOutcome)
