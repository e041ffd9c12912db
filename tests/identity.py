"""Proving who one is, and what one signs in with: what people ask, and what they do."""

from pyotp.totp import TOTP

from app.kit import clock
from tests.stage import PASSWORD, Person

STEP_UP = """mutation ($input: VerifyIdentityInput!) { verifyIdentity(input: $input) {
  sessionToken session { elevatedUntil } errors { code path } } }"""
BEGIN = """mutation { beginTwoFactorSetup { secret otpauthUri qrCodeSvg
  errors { code ... on StepUpRequiredError { methods maxAgeSeconds } } } }"""
CONFIRM = """mutation ($input: ConfirmTwoFactorSetupInput!) { confirmTwoFactorSetup(input: $input) {
  recoveryCodes me { twoFactor { enabled recoveryCodesLeft } } errors { code path } } }"""
DISABLE = "mutation { disableTwoFactor { me { twoFactor { enabled } } errors { code } } }"
REGENERATE = "mutation { regenerateRecoveryCodes { recoveryCodes errors { code } } }"
VERIFY_2FA = """mutation ($input: VerifyTwoFactorInput!) { verifyTwoFactor(input: $input) {
  sessionToken me { id } session { status } errors { code path } } }"""
CHANGE_PASSWORD = """mutation ($input: ChangePasswordInput!) { changePassword(input: $input) {
  revokedCount errors { code path } } }"""
CHANGE_EMAIL = """mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) {
  me { email pendingEmail } errors { code path } } }"""
VERIFY_EMAIL = """mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) {
  me { email pendingEmail } errors { code } } }"""
SESSIONS = "{ me { sessions { id isCurrent status } } session { status pendingSteps } }"
REVOKE = """mutation ($input: RevokeSessionInput!) { revokeSession(input: $input) {
  session { status } errors { code } } }"""
OTHERS = "mutation { revokeOtherSessions { revokedCount errors { code } } }"
ME = "{ me { id } }"


async def step_up(person: Person, **evidence: object) -> None:
    """Prove who is there, and go on with the new secret."""
    payload = await person.does(STEP_UP, **(evidence or {"password": PASSWORD}))
    assert payload["errors"] == []
    person.token = payload["sessionToken"]


async def enrol(person: Person) -> tuple[str, list[str]]:
    """Set two-factor sign-in up; the secret and the recovery codes."""
    await step_up(person)
    secret = (await person.asks(BEGIN))["beginTwoFactorSetup"]["secret"]
    payload = await person.does(CONFIRM, totp=code(secret))
    assert payload["errors"] == []
    return secret, payload["recoveryCodes"]


def code(secret: str, steps: int = 0) -> str:
    """Read the app: the code of now, or of some steps from now."""
    return TOTP(secret).at(clock.now(), counter_offset=steps)
