"""`keyfob create-operator`."""

import asyncio
from typing import Annotated

import typer

from app.commands import migrate, options
from app.database.opening import opened
from app.domain import operators
from app.domain.calls import Call
from app.domain.site import Site
from app.domain.users import Registration
from app.kit import secrets
from app.kit.settings import Settings
from models import Channel, OperatorRole

Admin = Annotated[bool, typer.Option("--admin", help="May also write users, members and accounts.")]


def create_operator(
    email: str,
    first_name: str,
    last_name: str,
    *,
    admin: Admin = False,
) -> None:
    """Make somebody support staff.

    Who is no user yet becomes one, with a password that is printed once.
    """
    settings = options.chosen()
    role = OperatorRole.ADMIN if admin else OperatorRole.AGENT
    registration = Registration(email, secrets.mint(), first_name, last_name)
    is_new = asyncio.run(appoint(settings, registration, role))
    typer.echo(f"{email} is support staff now: {role}.")
    if is_new:
        typer.echo(f"Password, shown this once: {registration.password}")
        typer.echo(
            "They are asked to change it, and to set two-factor sign-in up, before anything else."
        )


async def appoint(settings: Settings, registration: Registration, role: OperatorRole) -> bool:
    """Write the operator; whether a user was made for it."""
    await migrate.require(settings)
    async with opened(settings.database_url):
        call = Call(Site(settings), request_id="create-operator", via=Channel.SYSTEM)
        return await operators.appoint(call, registration, role)
