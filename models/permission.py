"""The words in which an owner says what someone may do in an account."""

from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import cast

from tortoise import Model, fields


class Permission(StrEnum):
    """Something a member may be allowed to do in an account. New ones are added at the end: their place is stored."""

    PROFILE = "PROFILE"
    CONTACTS = "CONTACTS"
    PRODUCTS = "PRODUCTS"
    MANAGE_PRODUCTS = "MANAGE_PRODUCTS"
    PRODUCT_SSO = "PRODUCT_SSO"
    DOMAINS = "DOMAINS"
    MANAGE_DOMAINS = "MANAGE_DOMAINS"
    INVOICES = "INVOICES"
    QUOTES = "QUOTES"
    TICKETS = "TICKETS"
    AFFILIATES = "AFFILIATES"
    EMAILS = "EMAILS"
    ORDERS = "ORDERS"
    MANAGE_USERS = "MANAGE_USERS"
    MANAGE_INTEGRATIONS = "MANAGE_INTEGRATIONS"
    VIEW_AUDIT_LOG = "VIEW_AUDIT_LOG"


Permissions = frozenset[Permission]
EVERYTHING: Permissions = frozenset(Permission)
IMPLIED: dict[Permission, Permissions] = {
    Permission.MANAGE_PRODUCTS: frozenset({Permission.PRODUCTS}),
    Permission.PRODUCT_SSO: frozenset({Permission.PRODUCTS}),
    Permission.MANAGE_DOMAINS: frozenset({Permission.DOMAINS}),
}
PLACES = {permission: 1 << place for place, permission in enumerate(Permission)}


@lru_cache(maxsize=4096)
def effective(granted: Permissions) -> Permissions:
    """Add what the granted permissions imply: managing products is seeing them."""
    return granted.union(*(IMPLIED.get(permission, frozenset()) for permission in granted))


@lru_cache(maxsize=4096)
def in_order(permissions: Permissions) -> tuple[Permission, ...]:
    """Sort as the panel lists them."""
    return tuple(sorted(permissions, key=PLACES.__getitem__))


def mask(permissions: Iterable[Permission]) -> int:
    """Write a set as one number, a bit for each permission in the order of the enumeration."""
    return sum(PLACES[permission] for permission in set(permissions))


@lru_cache(maxsize=4096)
def unmask(stored: int) -> Permissions:
    """Read a set back."""
    return frozenset(permission for permission, place in PLACES.items() if stored & place)


class PermissionsField(fields.BigIntField):
    """A set of permissions, stored as bits."""

    field_type: type = frozenset

    def to_db_value(self, value: object, instance: type[Model] | Model) -> int | None:
        """Write the bits."""
        return mask(value) if isinstance(value, frozenset | set) else cast("int | None", value)

    def to_python_value(self, value: object) -> Permissions | None:
        """Read the bits."""
        return unmask(value) if isinstance(value, int) else cast("Permissions | None", value)
