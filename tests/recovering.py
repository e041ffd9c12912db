"""People who have more than a password, and forget it."""

from pyotp.totp import TOTP

from app.kit import clock
from app.main import Application
from tests.stage import PASSWORD, Person, link_in, register

VERIFY = """mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) {
  errors { code path message } } }"""
PROVE = """mutation ($input: VerifyIdentityInput!) { verifyIdentity(input: $input) {
  sessionToken errors { code path message } } }"""
BEGIN = "mutation { beginTwoFactorSetup { secret errors { code path message } } }"
CONFIRM = """mutation ($input: ConfirmTwoFactorSetupInput!) { confirmTwoFactorSetup(input: $input) {
  recoveryCodes errors { code path message } } }"""
CHOOSE = """mutation ($input: SetSecurityQuestionInput!) { setSecurityQuestion(input: $input) {
  errors { code path message } } }"""
FORGOT = """mutation ($input: RequestPasswordResetInput!) { requestPasswordReset(input: $input) {
  errors { code path message } } }"""
MOVE = """mutation ($input: ChangeEmailInput!) { changeEmail(input: $input) {
  errors { code path message } } }"""


async def settled(app: Application, name: str) -> Person:
    """Bring somebody on stage whose address is verified, and who has just proved who they are."""
    person = await register(app, name)
    await _does(person, VERIFY, token=await link_in(person.email, "verify_email"))
    payload = await _does(person, PROVE, password=PASSWORD)
    person.token = str(payload["sessionToken"])
    return person


async def enrol(person: Person) -> tuple[str, list[str]]:
    """Turn two-factor sign-in on; the secret of the app, and the recovery codes."""
    secret = (await person.asks(BEGIN))["beginTwoFactorSetup"]["secret"]
    payload = await _does(person, CONFIRM, totp=TOTP(secret).at(clock.now()))
    return secret, payload["recoveryCodes"]  # type: ignore[return-value]  # a list in the schema


def next_code(secret: str) -> str:
    """Read a code from the app, a little early: that of the enrolment was used."""
    return TOTP(secret).at(clock.now(), counter_offset=1)


async def choose_question(person: Person, question: str, answer: str) -> None:
    """Set a security question."""
    await _does(person, CHOOSE, question=question, answer=answer)


async def reset_link(person: Person) -> str:
    """Forget the password, and return the path that the mail leads to."""
    await _does(Person(person.app), FORGOT, email=person.email)
    return f"/reset/{await link_in(person.email, 'reset_password')}"


async def change_link(person: Person, email: str) -> str:
    """Ask for another address, and return the path that the mail leads to."""
    await _does(person, MOVE, email=email)
    return f"/verify-email/{await link_in(email, 'change_email')}"


async def _does(person: Person, mutation: str, **input: object) -> dict[str, object]:
    payload = await person.does(mutation, **input)
    assert payload["errors"] == [], payload
    return payload
