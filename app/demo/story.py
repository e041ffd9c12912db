"""How the three companies came to be as they are: days ago, the time of day (UTC), and what happened."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from app.demo.cast import (
    ACME,
    BAKERY,
    FORMER_COLLEAGUE,
    FREELANCER,
    GRACE,
    IRIS,
    JONAS,
    KEPLER,
    LENA,
    MATEO,
    NEWCOMER,
    NORA,
    OSKAR,
    TOM,
    WEI,
)
from app.demo.scenes import (
    Play,
    declines,
    founds,
    is_appointed,
    joins,
    limits,
    registers,
    removes,
    sends,
    suspends,
)
from app.domain.offers import Offer
from models import OperatorRole, Permission, Permissions

Story: TypeAlias = tuple[tuple[int, str, Play], ...]

MONTH: Final = 30 * 24  # hours
TICKETS: Final[Permissions] = frozenset({Permission.TICKETS})
MANAGER: Final = TICKETS | {
    Permission.PROFILE,
    Permission.CONTACTS,
    Permission.PRODUCTS,
    Permission.INVOICES,
    Permission.QUOTES,
    Permission.MANAGE_USERS,
    Permission.VIEW_AUDIT_LOG,
}
TECHNICIAN: Final = TICKETS | {Permission.PRODUCTS, Permission.PRODUCT_SSO, Permission.DOMAINS}
SALES: Final = TICKETS | {Permission.PRODUCTS, Permission.ORDERS}
AGENCY_AT_ACME: Final = TICKETS | {Permission.PRODUCTS, Permission.MANAGE_DOMAINS}
AGENCY_AT_BAKERY: Final = TICKETS | {Permission.PRODUCTS, Permission.ORDERS, Permission.EMAILS}

PEOPLE: Final[Story] = (
    (47, "07:58", is_appointed(GRACE, OperatorRole.ADMIN)),
    (47, "08:03", is_appointed(OSKAR, OperatorRole.AGENT)),
    (44, "09:12", registers(NORA)),
    (44, "09:20", founds(NORA, ACME)),
    (43, "07:41", registers(JONAS)),
    (43, "07:44", founds(JONAS, BAKERY)),
    (42, "02:15", registers(WEI)),
    (42, "02:31", founds(WEI, KEPLER)),
    (41, "10:05", sends(NORA, ACME, Offer(MATEO.email, MANAGER, "You run the team, I sign."))),
    (41, "11:47", joins(MATEO)),
    (40, "13:20", sends(NORA, ACME, Offer(TOM.email, TECHNICIAN))),
    (40, "15:02", joins(TOM)),
    (39, "06:50", sends(JONAS, BAKERY, Offer(LENA.email, SALES, locale="de"))),
    (39, "09:33", joins(LENA)),
    (36, "08:10", sends(NORA, ACME, Offer(IRIS.email, AGENCY_AT_ACME, "For the new website."))),
    (36, "08:25", joins(IRIS)),
    (35, "14:12", sends(JONAS, BAKERY, Offer(IRIS.email, AGENCY_AT_BAKERY))),
    (35, "16:40", joins(IRIS)),
    (34, "03:05", sends(WEI, KEPLER, Offer(IRIS.email, TICKETS))),
    (34, "08:02", joins(IRIS)),
    (34, "08:30", limits(WEI, IRIS, KEPLER, 120)),
    (20, "12:00", sends(MATEO, ACME, Offer(FORMER_COLLEAGUE, TICKETS))),
    (12, "16:00", removes(NORA, TOM, ACME, "Has left the company.")),
    (9, "07:15", suspends(JONAS, LENA, BAKERY)),
    (6, "03:40", sends(WEI, KEPLER, Offer(FREELANCER, TECHNICIAN, "Three weeks in spring?"))),
    (5, "18:22", declines(FREELANCER, near=TOM)),
    (2, "04:10", sends(WEI, KEPLER, Offer(MATEO.email, TICKETS, lifetime_hours=MONTH))),
    (1, "09:00", sends(NORA, ACME, Offer(NEWCOMER, TECHNICIAN, "Welcome!", lifetime_hours=MONTH))),
)


def told(story: Story, now: datetime) -> Iterator[tuple[datetime, Play]]:
    """Put the scenes in their order, each at its instant before now."""
    for days, time, play in sorted(story, key=lambda scene: (-scene[0], scene[1])):
        hour, _, minute = time.partition(":")
        day = now - timedelta(days=days)
        yield day.replace(hour=int(hour), minute=int(minute), second=0, microsecond=0), play
