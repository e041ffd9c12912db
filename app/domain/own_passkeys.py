"""One's own passkeys: making one, and removing it."""

from tortoise.exceptions import IntegrityError

from app.domain import audit, challenges, emails, known_devices, own_sessions, passkeys, texts
from app.domain.acts import Act, act, still
from app.domain.audit import Deed, Target
from app.domain.emails import Mail
from app.domain.passkeys import Ceremony, PasskeyProof
from app.domain.refusals import EmailNotVerified, ErrorCode, InvalidCode, NotFound, Refusal
from app.domain.viewers import Viewer
from app.kit import ceremonies
from app.kit.ceremonies import Key, Owner, Unproved
from models import NO_ACCOUNT, AuditAction, ChallengePurpose, Passkey, User

MOST = 20
NAME_LIMIT = 100


class TooManyPasskeys(Refusal):
    """The user has as many as anybody may have."""

    code = ErrorCode.LIMIT_REACHED
    says = "You have {most} passkeys already. Remove one first."


async def begin(viewer: Viewer) -> Ceremony:
    """Ask the viewer's browser for a new key, on a device that holds none of theirs."""
    party, user = passkeys.party_of(viewer.call), viewer.user
    known = await _refuse_to_add(user)

    challenge = await challenges.issue(viewer.call, ChallengePurpose.SETUP, user.id)
    owner = Owner(passkeys.handle_of(user.id), user.email, user.display_name)
    ids = [passkey.credential_id for passkey in known]
    options = ceremonies.creation_options(party, owner, challenge.challenge, ids)
    return Ceremony(challenge.id, options)


async def confirm(viewer: Viewer, proof: PasskeyProof, name: str) -> Passkey:
    """Keep the key that was made, and tell the user."""
    named = texts.name(name, NAME_LIMIT, "name")
    made = await _made(viewer, proof)

    async with act(viewer.call, NO_ACCOUNT) as under_way:
        user = await User.select_for_update().get(id=(await still(viewer)).user.id)
        await _refuse_to_add(user)

        passkey = await _keep(under_way, user, made, named)
        await known_devices.forget(user)
        await _tell(under_way, user, passkey, "passkey_added")
        await _record(under_way, viewer, passkey, AuditAction.USER_PASSKEY_ADDED)
    return passkey


async def remove(viewer: Viewer, passkey_id: str) -> Passkey:
    """Forget a key, and end all other sessions: the key may have opened them."""
    async with act(viewer.call, NO_ACCOUNT) as under_way:
        viewer = await still(viewer)
        passkey = await find(viewer, passkey_id)
        if passkey is None:
            raise NotFound("passkeyId", thing="passkey")

        await passkey.delete()
        others = await own_sessions.others_of(viewer.user, viewer.session.id)
        await own_sessions.close(under_way, others)
        await known_devices.forget(viewer.user)
        await _tell(under_way, viewer.user, passkey, "passkey_removed")
        await _record(under_way, viewer, passkey, AuditAction.USER_PASSKEY_REMOVED)
    return passkey


async def find(viewer: Viewer, passkey_id: str) -> Passkey | None:
    """Find one of the viewer's own keys."""
    known = texts.key("psk", passkey_id)
    return await Passkey.get_or_none(id=known, user_id=viewer.user.id) if known else None


async def _refuse_to_add(user: User) -> list[Passkey]:
    """Refuse who has not proved the address, or has too many; those that there are."""
    if user.email_verified_at is None:
        raise EmailNotVerified(reason="only then may a passkey sign you in")
    known = await passkeys.of_user(user.id)
    if len(known) >= MOST:
        raise TooManyPasskeys(most=MOST)
    return known


async def _made(viewer: Viewer, proof: PasskeyProof) -> Key:
    party, user_id = passkeys.party_of(viewer.call), viewer.user.id
    challenge = await challenges.use(proof.challenge_id, ChallengePurpose.SETUP, user_id)
    if challenge is None:
        raise InvalidCode("challengeId")
    try:
        return ceremonies.created(party, challenge, proof.credential)
    except Unproved as no:
        raise InvalidCode("credential") from no


async def _keep(under_way: Act, user: User, made: Key, name: str) -> Passkey:
    try:
        return await Passkey.create(
            user_id=user.id,
            credential_id=made.credential_id,
            public_key=made.public_key,
            sign_count=made.sign_count,
            name=name,
            created_at=under_way.now,
        )
    except IntegrityError as no:  # a key is one user's, and once
        raise InvalidCode("credential") from no


async def _tell(under_way: Act, user: User, passkey: Passkey, kind: str) -> None:
    facts = {"name": user.display_name, "passkey": passkey.name, "at": under_way.now}
    await emails.queue(under_way, Mail(kind, user.email, user.locale, facts))


async def _record(under_way: Act, viewer: Viewer, passkey: Passkey, action: AuditAction) -> None:
    deed = Deed(action, (Target(passkey.id, "Passkey", passkey.name),))
    await under_way.record(NO_ACCOUNT, audit.person(viewer), deed)
