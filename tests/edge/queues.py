"""Mail that waits to be sent."""

from app.domain import emails
from app.domain.acts import act
from app.domain.calls import Call
from app.domain.emails import Mail
from app.main import Application


async def queue(app: Application, *addresses: str) -> None:
    """Write a mail to each address."""
    facts = {"name": "Bob", "link": "http://127.0.0.1/x", "hours": 24}
    async with act(Call(app.site, "test")) as under_way:
        for address in addresses:
            await emails.queue(under_way, Mail("verify_email", address, "en", facts))
