"""Printing the graph as it is published."""

from hashlib import sha256

import strawberry

# Strawberry cannot print the default of a directive's argument, and without it no client would know the levels.
BARE = "directive @semanticNonNull(levels: [Int!]) on"
WHOLE = "directive @semanticNonNull(levels: [Int!]! = [0]) on"


def printed(schema: strawberry.Schema) -> str:
    """Print a graph."""
    return f"{schema}\n".replace(BARE, WHOLE)


def hashed(schema: strawberry.Schema) -> str:
    """Hash what is printed, with SHA-256."""
    return sha256(printed(schema).encode()).hexdigest()
