"""Knocking at the mail server, so that a silent one is named at once."""

from aiosmtplib import SMTPAuthenticationError, SMTPException

from app.commands.trouble import Trouble
from app.kit import smtp
from app.kit.settings import Settings

PATIENCE = 5.0  # seconds


async def mail_server(settings: Settings) -> None:
    """Return if the mail server answers and takes the password, or if none is set."""
    if settings.smtp_url is None:
        return
    server = smtp.client(settings.smtp_url, PATIENCE)
    try:
        async with server:
            return
    except SMTPAuthenticationError:
        advice = "refuses the user or the password. Correct them in the URL."
    except (OSError, SMTPException) as error:
        cause = " ".join(str(error).split()) or type(error).__name__
        advice = f"does not answer ({cause}). Start it, or correct the address."
    raise Trouble(f"KEYFOB_SMTP_URL: the mail server {server.hostname}:{server.port} {advice}")
