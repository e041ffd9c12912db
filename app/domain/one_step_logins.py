"""Signing in where no second step can follow, as on the server's own pages."""

from app.domain import sessions
from app.domain.acts import act
from app.domain.calls import Call
from app.domain.sessions import Credentials, Opened


async def login(call: Call, credentials: Credentials) -> Opened:
    """Sign in whole or not at all: who owes a second factor is asked for it before a session is opened."""
    known = await sessions.authenticate(call, credentials)
    sessions.require_factor(known)

    async with act(call) as under_way:
        return await sessions.open_session(under_way, known, remember=credentials.remember)
