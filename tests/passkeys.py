"""People who have passkeys, and what they ask."""

from typing import Any

from app.kit import clock
from models import User
from tests.authenticators import Answer, Authenticator
from tests.stage import PASSWORD, Person

BEGIN_SETUP = (
    """mutation { beginPasskeySetup { challengeId options errors { code path message } } }"""
)
CONFIRM = """mutation ($input: ConfirmPasskeySetupInput!) { confirmPasskeySetup(input: $input) {
  passkey { id name createdAt lastUsedAt } errors { code path } } }"""
REMOVE = """mutation ($input: RemovePasskeyInput!) { removePasskey(input: $input) {
  deletedId errors { code path } } }"""
BEGIN_PROOF = (
    """mutation { beginPasskeyProof { challengeId options errors { code path message } } }"""
)
LOGIN_WITH_PASSKEY = """mutation ($input: LoginWithPasskeyInput!) { loginWithPasskey(input: $input) {
  me { email } session { status pendingSteps twoFactorVerifiedAt } sessionToken deviceToken
  errors { code path message } } }"""
VERIFY_IDENTITY = """mutation ($input: VerifyIdentityInput!) { verifyIdentity(input: $input) {
  session { elevatedUntil } sessionToken errors { code path } } }"""
PASSKEYS = "{ me { passkeys { id name createdAt lastUsedAt } } }"


async def steps_up(person: Person) -> None:
    """Prove the password again."""
    payload = await person.does(VERIFY_IDENTITY, password=PASSWORD)
    assert payload["errors"] == []
    person.token = payload["sessionToken"]


async def proves_address(person: Person) -> None:
    """Have followed the link that was mailed."""
    await User.filter(id=person.id).update(email_verified_at=clock.now())


async def begins(person: Person, query: str) -> dict[str, Any]:
    """Get a challenge."""
    (begun,) = (await person.asks(query)).values()
    assert begun["errors"] == []
    return begun  # type: ignore[no-any-return]


async def adds(person: Person, name: str = "Laptop", **device: Any) -> Authenticator:  # noqa: ANN401
    """Make a passkey."""
    made = Authenticator(**device)
    begun = await begins(person, BEGIN_SETUP)
    input = {"challengeId": begun["challengeId"], "credential": made.create(begun["options"])}
    payload = await person.does(CONFIRM, **input, name=name)
    assert payload["errors"] == []
    return made


async def answers(person: Person, device: Authenticator) -> dict[str, Any]:
    """Let a device answer a challenge."""
    begun = await begins(person, BEGIN_PROOF)
    credential: Answer = device.get(begun["options"])
    return {"challengeId": begun["challengeId"], "credential": credential}
