"""What permissions there are."""

from collections.abc import Sequence
from typing import Final

from app.domain import access
from models import Permission
from models.permission import IMPLIED, in_order
from resolvers.declare import value
from resolvers.operations import query

WORDS: Final = {
    Permission.PROFILE: (
        "Account",
        "Edit the account's details",
        "Name, address and contact details of the account.",
    ),
    Permission.CONTACTS: (
        "Account",
        "Manage contacts",
        "Addresses that get copies of the account's mail.",
    ),
    Permission.PRODUCTS: (
        "Products",
        "View products",
        "See products and services, and their status.",
    ),
    Permission.MANAGE_PRODUCTS: (
        "Products",
        "Manage products",
        "Change products and services, and their passwords.",
    ),
    Permission.PRODUCT_SSO: (
        "Products",
        "Sign in to products",
        "Open the control panel of a product without its password.",
    ),
    Permission.DOMAINS: ("Domains", "View domains", "See domain registrations."),
    Permission.MANAGE_DOMAINS: (
        "Domains",
        "Manage domains",
        "Change name servers, contacts and renewal of domains.",
    ),
    Permission.INVOICES: ("Billing", "View and pay invoices", "See invoices, and pay them."),
    Permission.QUOTES: (
        "Billing",
        "View and accept quotes",
        "See quotes, and accept them for the account.",
    ),
    Permission.TICKETS: (
        "Support",
        "Use support tickets",
        "See all tickets of the account; open, answer and close them.",
    ),
    Permission.AFFILIATES: (
        "Billing",
        "Manage the affiliate account",
        "See earnings, and ask for them.",
    ),
    Permission.EMAILS: ("Account", "View mail", "See mail that was sent about the account."),
    Permission.ORDERS: (
        "Billing",
        "Place orders",
        "Order products, upgrades and cancellations for the account.",
    ),
    Permission.MANAGE_USERS: (
        "Administration",
        "Manage users",
        "Invite people, and decide what they may do; never more than oneself may.",
    ),
    Permission.MANAGE_INTEGRATIONS: (
        "Administration",
        "Manage integrations",
        "API tokens and webhooks of the account.",
    ),
    Permission.VIEW_AUDIT_LOG: (
        "Administration",
        "View the audit log",
        "See who did what to the account.",
    ),
}
SENSITIVE: Final = frozenset(
    {
        Permission.PRODUCT_SSO,
        Permission.ORDERS,
        Permission.MANAGE_USERS,
        Permission.MANAGE_INTEGRATIONS,
        Permission.VIEW_AUDIT_LOG,
    }
)


@value
class PermissionInfo:
    """A permission in words: what to draw beside its check-box."""

    permission: Permission
    label: str
    description: str
    group: str
    implies: Sequence[Permission]
    sensitive: bool


def info_of(permission: Permission) -> PermissionInfo:
    """Describe a permission."""
    group, label, description = WORDS[permission]
    return PermissionInfo(
        permission=permission,
        label=label,
        description=description,
        group=group,
        implies=in_order(IMPLIED.get(permission, frozenset())),
        sensitive=permission in SENSITIVE,
    )


@value
class PermissionQueries:
    """Questions about permissions."""

    @query(access.PUBLIC)
    async def permission_catalog(self) -> list[PermissionInfo]:
        """Every permission that can be granted, in words, with what it implies: draw the check-boxes from this."""
        return [info_of(permission) for permission in Permission]
