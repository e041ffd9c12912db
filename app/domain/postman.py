"""Sending what is queued: one mail at a time to a recipient, several at once, each until it is taken or refused."""

import asyncio
import logging
import random
from contextlib import suppress
from datetime import timedelta
from functools import partial

from tortoise.transactions import in_transaction

from app.database import lasting
from app.domain.site import Site
from app.kit import clock, compose
from app.kit.addresses import InvalidAddress
from app.kit.compose import Draft, WrongHeader
from app.kit.letters import Letter
from app.kit.smtp import Deferred, Rejected, Transport
from models import Email, MailDelivery

SLOTS = 8
PAUSE_SECONDS = 5.0
LEASE = timedelta(minutes=5)
FIRST_DELAY = timedelta(seconds=30)
MOST_ATTEMPTS = 8
BLANK = "(This mail held a secret, and was blanked once it was sent.)"
log = logging.getLogger(__name__)


class Postman:
    """Takes mail out of the queue and hands it to a transport; any number of postmen share one queue."""

    def __init__(self, site: Site, transport: Transport) -> None:
        self.site, self.transport = site, transport
        self.sending: dict[asyncio.Task[None], str] = {}
        self.is_leaving = False

    async def work(self) -> None:
        """Send whatever is due, until cancelled; what is on its way then goes on until `give_back`."""
        while True:
            self.site.bell.clear()
            await self.take()
            await self._wait()

    async def take(self) -> None:
        """Start sending what is due, as far as there are slots."""
        free = 0 if self.is_leaving else SLOTS - len(self.sending)
        for email in await self._due(free):
            task = asyncio.create_task(self._send(email))
            self.sending[task] = email.id
            task.add_done_callback(self._done)

    async def finish(self) -> None:
        """Wait for what is on its way."""
        if self.sending:
            await asyncio.wait(list(self.sending))

    async def leave(self) -> None:
        """Take nothing more, and wait for what is on its way."""
        self.is_leaving = True
        await self.finish()

    async def give_back(self) -> None:
        """Stop sending, and leave what was not taken by the mail server to the next postman, at once."""
        ids = list(self.sending.values())
        for task in self.sending:
            task.cancel()
        await self.finish()
        await _return(ids)

    async def send_all(self) -> None:
        """Send everything that is due now, and come back when it is done."""
        await self.take()
        while self.sending:
            await self.finish()
            await self.take()

    def _done(self, task: asyncio.Task[None]) -> None:
        del self.sending[task]
        self.site.bell.set()
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("A mail could not be sent.", exc_info=fault)

    async def _wait(self) -> None:
        # Not `wait_for`: before Python 3.12 it forgets a cancellation that comes in the moment of the bell.
        with suppress(TimeoutError):
            async with asyncio.timeout(PAUSE_SECONDS):
                await self.site.bell.wait()

    async def _due(self, most: int) -> list[Email]:
        """Take mail that is due, and lend it to ourselves: should we die, another postman takes it after the lease."""
        if most <= 0:
            return []
        now = clock.now()
        async with in_transaction():
            due = Email.filter(delivery=MailDelivery.QUEUED, next_attempt_at__lte=now)
            rows = due.order_by("next_attempt_at").limit(most)
            found = await rows.select_for_update(skip_locked=True)
            ids = [email.id for email in found]
            await Email.filter(id__in=ids).update(next_attempt_at=now + LEASE)
        return found

    async def _send(self, email: Email) -> None:
        try:
            await self.transport.deliver(compose.message(self._draft(email)))
        except (Rejected, InvalidAddress, WrongHeader) as no:
            log.warning("mail %s was refused, and is not sent again: %s", email.id, no)
            fate = partial(_end, email, MailDelivery.FAILED, str(no))
        except Deferred as no:
            log.warning("mail %s could not be sent yet, and waits: %s", email.id, no)
            fate = partial(_postpone, email, str(no))
        else:
            fate = partial(_end, email, MailDelivery.SENT, None)
        # Sent and not noted, a mail would be sent again.
        await lasting.insist(fate, LEASE.total_seconds())

    def _draft(self, email: Email) -> Draft:
        return Draft(
            sender=self.site.settings.mail_from,
            to=email.recipient,
            letter=Letter(email.subject, email.body_text, email.body_html),
            message_id=email.message_id,
            at=email.created_at,
            thread_id=email.thread_id,
        )


async def _return(ids: list[str]) -> None:
    if ids:
        unsent = Email.filter(id__in=ids, delivery=MailDelivery.QUEUED)
        await unsent.update(next_attempt_at=clock.now())


async def _end(email: Email, delivery: MailDelivery, error: str | None) -> None:
    blanked = {"body_text": BLANK, "body_html": BLANK} if email.has_secret else {}
    await Email.filter(id=email.id).update(
        delivery=delivery,
        error=error,
        attempts=email.attempts + 1,
        sent_at=clock.now() if delivery is MailDelivery.SENT else None,
        **blanked,
    )


async def _postpone(email: Email, error: str) -> None:
    """Try again later, each time twice as late, and not all at once."""
    attempts = email.attempts + 1
    if attempts >= MOST_ATTEMPTS:
        await _end(email, MailDelivery.FAILED, error)
        return
    delay = FIRST_DELAY * 2 ** (attempts - 1) * random.uniform(0.75, 1.25)  # noqa: S311  # no secret
    await Email.filter(id=email.id).update(
        attempts=attempts, error=error[:300], next_attempt_at=clock.now() + delay
    )
