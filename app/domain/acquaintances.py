"""Whom one may look up: who shares an account or a ticket with one."""

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from app.domain.acting import Acting
from app.domain.viewers import Viewer
from models import Membership, MembershipStatus, Permission, Ticket, TicketMessage


async def knows_user(viewer: Viewer, user_id: str) -> bool:
    """Whether the viewer may look a user up: a fellow member, who takes part in a ticket, anyone for staff."""
    if viewer.operator is not None or viewer.user.id == user_id:
        return True
    places = await _places(viewer)
    together = Membership.filter(
        user_id=user_id, account_id__in=[acting.account.id for acting in places]
    )
    if await together.exclude(status=MembershipStatus.ENDED).exists():
        return True
    reading = Q(account_id__in=_reading(places)) | Q(
        account_id__isnull=True, opener_id=viewer.user.id
    )
    if await Ticket.filter(reading, opener_id=user_id).exists():
        return True
    return await _said(viewer, places).filter(author_id=user_id).exists()


async def knows_operator(viewer: Viewer, operator_id: str) -> bool:
    """Whether the viewer may look an operator up: who wrote in a ticket of theirs, anyone for staff."""
    if viewer.operator is not None:
        return True
    return await _said(viewer, await _places(viewer)).filter(operator_id=operator_id).exists()


def _said(viewer: Viewer, places: list[Acting]) -> QuerySet[TicketMessage]:
    own = Q(account_id__isnull=True, ticket__opener_id=viewer.user.id)
    return TicketMessage.filter(Q(account_id__in=_reading(places)) | own, internal=False)


def _reading(places: list[Acting]) -> list[str]:
    return [each.account.id for each in places if Permission.TICKETS in each.permissions]


async def _places(viewer: Viewer) -> list[Acting]:
    rows = Membership.filter(user_id=viewer.user.id, status=MembershipStatus.ACTIVE)
    places = [Acting(viewer, row.account, row) for row in await rows.select_related("account")]
    return [acting for acting in places if acting.denial() is None]
