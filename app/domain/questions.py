"""The security question: off until a user sets one, asked in a password reset, never the only proof of anything."""

from unicodedata import normalize

from app.domain import audit, sessions, texts
from app.domain.acts import act, still
from app.domain.audit import Deed
from app.domain.calls import Call
from app.domain.refusals import InvalidInput
from app.domain.sessions import InvalidCredentials
from app.domain.viewers import Viewer
from app.kit import passwords
from models import NO_ACCOUNT, AuditAction, User

QUESTION_LIMIT = 200
ANSWER_LIMIT = 128


async def save(viewer: Viewer, question: str, answer: str) -> None:
    """Choose a question, and the answer that will be asked for."""
    asked = texts.name(question, QUESTION_LIMIT, "question")
    plain = spelt(answer)
    if not 1 <= len(plain) <= ANSWER_LIMIT:
        raise InvalidInput(f"Answer with 1 to {ANSWER_LIMIT} characters.", "answer")
    settings = viewer.call.site.settings
    hashed = await passwords.hash_password(plain, settings.secret_keys, settings.bcrypt_cost)

    async with act(viewer.call, NO_ACCOUNT) as under_way:
        await still(viewer)
        row = User.filter(id=viewer.user.id)
        await row.update(question=asked, answer_hash=hashed, question_set_at=under_way.now)
        deed = Deed(AuditAction.USER_SECURITY_QUESTION_SET, (sessions.target(viewer.user),))
        await under_way.record(NO_ACCOUNT, audit.person(viewer), deed)


async def remove(viewer: Viewer) -> None:
    """Ask no question any more."""
    async with act(viewer.call, NO_ACCOUNT) as under_way:
        await still(viewer)
        await forget(viewer.user)
        deed = Deed(AuditAction.USER_SECURITY_QUESTION_REMOVED, (sessions.target(viewer.user),))
        await under_way.record(NO_ACCOUNT, audit.person(viewer), deed)


async def forget(user: User) -> None:
    """Remove a user's question."""
    await User.filter(id=user.id).update(question=None, answer_hash=None, question_set_at=None)


async def check(call: Call, user: User, answer: str | None) -> None:
    """Refuse unless the answer is the one that was given."""
    settings = call.site.settings
    keys, cost = settings.secret_keys, settings.bcrypt_cost
    if not await passwords.verify(spelt(answer or ""), user.answer_hash, keys, cost):
        raise InvalidCredentials("securityAnswer")


def spelt(answer: str) -> str:
    """Read an answer as it was meant: capitals, accents' forms and blanks make no difference."""
    return " ".join(normalize("NFKC", answer).casefold().split())
