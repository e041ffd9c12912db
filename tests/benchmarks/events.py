"""The log of an account: a chain of events, sealed as the server seals them."""

from datetime import timedelta

from app.domain import audit
from app.domain.audit import Deed, Who
from app.kit import clock
from models import AuditEvent, AuditHead, key
from tests.benchmarks.sizes import Size


async def write(chain: str, who: Who, deed: Deed, size: Size) -> None:
    """Note the same deed again and again: three times a ticket."""
    head = await AuditHead.get(chain=chain)
    events = [_next(head, who, deed, n) for n in range(size.tickets * 3)]
    await AuditEvent.bulk_create(events, batch_size=500)
    await head.save(update_fields=["sequence", "hash"])


def _next(head: AuditHead, who: Who, deed: Deed, n: int) -> AuditEvent:
    event = AuditEvent(
        id=key.mint("evt"),
        chain=head.chain,
        sequence=head.sequence + 1,
        action=deed.action,
        actor_kind=who.kind,
        actor_id=who.id,
        actor_name=who.name,
        account_id=head.chain,
        via=who.via,
        targets=audit.stored(deed.targets),
        changes=audit.stored(deed.changes),
        outcome=deed.outcome,
        request_id="bench",
        created_at=clock.now() - timedelta(days=1) + timedelta(seconds=n),
        hash="",
    )
    event.hash = audit.seal(event, head.hash)
    head.sequence, head.hash = event.sequence, event.hash
    return event
