"""Handing mail to a mail server, and understanding its answer: sent, refused for good, or try again later."""

import asyncio
from contextlib import suppress
from dataclasses import field
from email.message import EmailMessage
from ipaddress import ip_address
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

from aiosmtplib import (
    SMTP,
    SMTPException,
    SMTPNotSupported,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from app.kit import characters
from app.kit.frozen import frozen

PATIENCE: Final = 30.0  # seconds for a whole delivery
LONGEST_REASON: Final = 200


class Undelivered(Exception):
    """A mail did not go; the text is one line, in the server's words where it had any."""


class Rejected(Undelivered):
    """Refused for good (5xx): trying again is of no use."""


class Deferred(Undelivered):
    """Not now (4xx, silence, a lost connection, a server that is down or set up wrongly): try again later."""


class Transport(Protocol):
    """A way for mail to go out."""

    async def deliver(self, message: EmailMessage) -> None:
        """Send a message to the one address in its To, from the one in its From.

        Returns once somebody has taken charge of it; raises Rejected or Deferred.
        """
        ...


@frozen
class MailServer:
    """The mail server of a URL, `smtp://user:password@host:port` or `smtps://…`; a connection a mail."""

    url: str = field(repr=False)
    patience: float = PATIENCE

    async def deliver(self, message: EmailMessage) -> None:
        """Send a message; one that is taken counts as sent, whatever happens to the connection then."""
        server = client(self.url, self.patience)
        try:
            async with asyncio.timeout(self.patience):
                await _connect(server)
                await _send(server, message)
        except TimeoutError as no:
            msg = f"The mail server did not answer within {self.patience:g} s."
            raise Deferred(msg) from no
        else:
            _say_goodbye(server)
        finally:
            server.close()


def client(url: str, patience: float = PATIENCE) -> SMTP:
    """Return a client that will sign in at the server of the URL when it connects.

    TLS is used wherever the server offers it, with its certificate checked. A password never
    crosses a network without. On this machine neither matters.
    """
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    is_secure = parts.scheme == "smtps"
    is_near = _is_this_machine(host)
    return SMTP(
        hostname=host,
        port=parts.port or (465 if is_secure else 587 if parts.username else 25),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password or ""),
        use_tls=is_secure,
        start_tls=True if parts.username and not is_secure and not is_near else None,
        validate_certs=not is_near,
        timeout=patience,
    )


async def _connect(server: SMTP) -> None:
    """Connect and sign in; whatever the answer, it is not about the mail, which waits."""
    try:
        await server.connect()
    except (OSError, SMTPException) as no:
        raise Deferred(_reason(no)) from no


async def _send(server: SMTP, message: EmailMessage) -> None:
    try:
        await server.send_message(message)
    except SMTPRecipientsRefused as no:
        refusal = no.recipients[0]
        raise _refused(refusal) from no
    except SMTPResponseException as no:
        raise _refused(no) from no
    except SMTPNotSupported as no:
        msg = "The mail server takes no addresses with other letters than ASCII's before the @."
        raise Rejected(msg) from no
    except (OSError, SMTPException) as no:
        raise Deferred(_reason(no)) from no


def _say_goodbye(server: SMTP) -> None:
    """Do not wait for the answer: once a mail is taken, nothing may make it look untaken."""
    if server.protocol is not None:
        with suppress(SMTPException):
            server.protocol.write(b"QUIT\r\n")


def _refused(no: SMTPResponseException) -> Undelivered:
    is_final = no.code >= _FINAL and no.code not in _NOT_THE_MAILS_FAULT
    return (Rejected if is_final else Deferred)(_reason(no))


_FINAL = 500
_NOT_THE_MAILS_FAULT = {530, 534, 535, 538}  # the server wants us to sign in, or in another way


def _reason(no: Exception) -> str:
    """Put an error in one short line."""
    answer = f"{no.code} {no.message}" if isinstance(no, SMTPResponseException) else str(no)
    return characters.one_line(answer or type(no).__name__)[:LONGEST_REASON]


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
