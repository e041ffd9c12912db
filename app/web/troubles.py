"""Refusals, as a page shows them: beside the field that they are about."""

from collections.abc import Mapping
from typing import Final

from app.domain.joining import InviteEmailMismatch
from app.domain.refusals import Refusal, TwoFactorRequired
from app.domain.sessions import InvalidCredentials
from app.kit.frozen import frozen

FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "accept": frozenset({"confirm"}),
    "login": frozenset({"email", "password", "code", "confirm"}),
    "register": frozenset({"firstName", "lastName", "email", "password", "confirm"}),
    "reset": frozenset({"newPassword", "securityAnswer", "code"}),
}
CODES: Final = frozenset({"totp", "recoveryCode", "twoFactor"})  # typed into one field


@frozen
class Trouble:
    """Why a form was not taken: which form, the field to mend if it is about one, and what to tell."""

    act: str
    field: str
    message: str


def of(act: str, no: Refusal) -> Trouble | None:
    """Say what is wrong with a form; of a page without HTTPS the page itself says it."""
    if "transport" in no.path:
        return None
    field, message = no.path[-1] if no.path else "", no.message
    if isinstance(no, InviteEmailMismatch):
        field = "confirm" if no.can_confirm else "email"
        message += " Tick the box to join all the same." if no.can_confirm else ""
    if field in CODES or isinstance(no, TwoFactorRequired):
        field = "code"
    if isinstance(no, InvalidCredentials) and field == "securityAnswer":
        message = "This is not the answer that you gave when you chose the question."
    return Trouble(act, field if field in FIELDS.get(act, ()) else "", message)
