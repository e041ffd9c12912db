"""Codes of an authenticator app (TOTP, RFC 6238): six digits, thirty seconds, SHA-1 as every app has it."""

from base64 import b32encode
from datetime import datetime
from io import BytesIO
from secrets import token_bytes
from typing import TYPE_CHECKING

from pyotp.totp import TOTP
from pyotp.utils import strings_equal

from app.kit.later import Later

if TYPE_CHECKING:
    import segno
else:
    segno = Later("segno")

STEP_SECONDS = 30
TOLERATED_STEPS = 1


def mint() -> str:
    """Make a secret of 160 bits, in base32."""
    return b32encode(token_bytes(20)).decode()


def uri(secret: str, account: str, issuer: str) -> str:
    """Write the address that an app reads: `otpauth://totp/…` (Key URI Format)."""
    return TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def qr_code(text: str) -> str:
    """Draw a text as a QR code, in SVG that scales with its page."""
    drawn = BytesIO()
    segno.make(text, error="m").save(
        drawn, kind="svg", border=4, omitsize=True, xmldecl=False, svgclass=None, lineclass=None
    )
    return drawn.getvalue().decode().strip()


def code(secret: str, at: datetime) -> str:
    """Compute what an app shows at an instant."""
    return TOTP(secret).at(at)


def step_of(secret: str, typed: str, at: datetime) -> int | None:
    """Find the time step that a code is of, one step early or late tolerated; None if it is of no such step."""
    digits = typed.replace(" ", "")
    now = int(at.timestamp()) // STEP_SECONDS
    for step in range(now - TOLERATED_STEPS, now + TOLERATED_STEPS + 1):
        if strings_equal(TOTP(secret).generate_otp(step), digits):
            return step
    return None
