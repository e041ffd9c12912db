"""The stage of the demo's history: people come on it signed in, and act by the rules that hold for everybody."""

from dataclasses import field
from secrets import token_hex

from app.demo.cast import Player
from app.domain import sessions
from app.domain.access import Rule
from app.domain.acting import Acting, in_account
from app.domain.acts import act
from app.domain.calls import Call
from app.domain.desks import Errand
from app.domain.sessions import Known
from app.domain.site import Site
from app.domain.users import Registration
from app.domain.viewers import Viewer
from app.kit.frozen import frozen
from models import Operator, User


@frozen
class Stage:
    """Where the history is played: the password of everybody, and what has come of it so far, by name."""

    site: Site
    password: str
    totp_secret: str
    accounts: dict[str, str] = field(default_factory=dict)
    tickets: dict[str, str] = field(default_factory=dict)

    def call(self, player: Player) -> Call:
        """Ask something from the player's device."""
        request_id = f"demo-{token_hex(8)}"
        return Call(self.site, request_id, ip=player.ip, user_agent=player.browser)

    def registration(self, player: Player) -> Registration:
        """Fill in the form for a new user."""
        return Registration(
            player.email, self.password, player.first, player.last, locale=player.locale
        )

    async def viewer(self, player: Player) -> Viewer:
        """Let somebody sign in; the password is not asked for, it takes too long to check."""
        call = self.call(player)
        user = await User.get(email_key=player.email)
        async with act(call) as under_way:
            opened = await sessions.open_session(under_way, Known(user), remember=False)
        operator = await Operator.get_or_none(user_id=user.id)
        return Viewer(call, user, opened.session, operator)

    async def acting(self, player: Player, account: str) -> Acting:
        """Let somebody sign in and go to an account."""
        return await in_account(await self.viewer(player), self.accounts[account])

    async def errand(self, player: Player, ticket: str, rule: Rule) -> Errand:
        """Let somebody sign in and come to a ticket."""
        return Errand(await self.viewer(player), self.tickets[ticket], rule)
