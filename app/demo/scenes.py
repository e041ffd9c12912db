"""Scenes of the demo's history: who comes, who is let in, who goes."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeAlias

from app.demo import mailbox
from app.demo.cast import Player
from app.demo.stage import Stage
from app.domain import (
    accounts,
    declining,
    invites,
    joining,
    members,
    operators,
    users,
    verification,
)
from app.domain.acting import Acting
from app.domain.invite_links import Reference
from app.domain.joining import Acceptance
from app.domain.members import Edit
from app.domain.offers import Offer
from app.kit import ciphers, clock
from models import Membership, OperatorRole, User

Play: TypeAlias = Callable[[Stage], Awaitable[object]]


def registers(player: Player) -> Play:
    """Somebody registers, opens the link that verifies the address, and says where they live."""

    async def play(stage: Stage) -> None:
        await users.register(stage.call(player), stage.registration(player))
        viewer = await stage.viewer(player)
        await verification.confirm(viewer, await _secret(player.email, "verify_email"))
        await users.update_profile(viewer, {"time_zone": player.time_zone})

    return play


def is_appointed(player: Player, role: OperatorRole) -> Play:
    """Somebody becomes support staff, and sets two-factor sign-in up."""

    async def play(stage: Stage) -> None:
        await operators.appoint(stage.call(player), stage.registration(player), role)
        keys = stage.site.settings.secret_keys
        await User.filter(email_key=player.email).update(
            must_change_password=False,
            totp_cipher=ciphers.encrypt(stage.totp_secret, keys),
            two_factor_enabled_at=clock.now(),
        )

    return play


def founds(player: Player, account: str) -> Play:
    """Somebody makes an account."""

    async def play(stage: Stage) -> None:
        office = f"office@{player.email.rpartition('@')[2]}"
        acting = await accounts.create(await stage.viewer(player), account, office)
        stage.accounts[account] = acting.account.id

    return play


def sends(player: Player, account: str, offer: Offer) -> Play:
    """Somebody invites."""

    async def play(stage: Stage) -> None:
        await invites.send(await stage.acting(player, account), offer)

    return play


def joins(player: Player) -> Play:
    """Somebody follows the link of an invite, and registers unless they have before."""

    async def play(stage: Stage) -> None:
        link = Reference(token=await _secret(player.email, "invite"))
        if await User.exists(email_key=player.email):
            viewer = await stage.viewer(player)
            await joining.accept(viewer.call, viewer, Acceptance(link, switches=False))
            return
        form = stage.registration(player)
        await joining.accept(stage.call(player), None, Acceptance(link, registration=form))
        viewer = await stage.viewer(player)
        await users.update_profile(viewer, {"time_zone": player.time_zone})

    return play


def declines(email: str, near: Player) -> Play:
    """Somebody without a user declines by the link; their device is like the other's."""

    async def play(stage: Stage) -> None:
        link = Reference(token=await _secret(email, "invite"))
        await declining.decline(stage.call(near), None, link)

    return play


def suspends(player: Player, other: Player, account: str) -> Play:
    """Somebody shuts a member out for the time being."""

    async def play(stage: Stage) -> None:
        acting, id = await _over(stage, player, other, account)
        await members.update(acting, id, Edit(suspended=True))

    return play


def limits(player: Player, other: Player, account: str, days: int) -> Play:
    """Somebody lets a membership end by itself, so many days later."""

    async def play(stage: Stage) -> None:
        acting, id = await _over(stage, player, other, account)
        until = clock.now() + timedelta(days=days)
        await members.update(acting, id, Edit(expires_at=until, given=frozenset({"expires_at"})))

    return play


def removes(player: Player, other: Player, account: str, reason: str) -> Play:
    """Somebody ends a membership."""

    async def play(stage: Stage) -> None:
        acting, id = await _over(stage, player, other, account)
        await members.revoke(acting, id, reason)

    return play


async def _over(stage: Stage, player: Player, other: Player, account: str) -> tuple[Acting, str]:
    """Bring whoever manages to the account, and find the membership of the other one."""
    acting = await stage.acting(player, account)
    held = await Membership.get(account_id=acting.account.id, user__email_key=other.email)
    return acting, held.id


async def _secret(email: str, kind: str) -> str:
    secret = await mailbox.secret_for(email, kind)
    if secret is None:
        raise LookupError(email, kind)
    return secret
