"""Who is asking: the session behind a request, with its user and their place in one account, in one statement."""

from datetime import timedelta

from app.database import current, generations, statements
from app.database.generations import VERSION, Watch
from app.database.riders import Question, Rider
from app.database.statements import Joined
from app.domain.calls import Call
from app.domain.recent import Key, Seen
from app.domain.refusals import SignInRequired
from app.kit import clock
from app.kit.frozen import frozen
from models import Account, Membership, Operator, OperatorRole, Session, SessionStatus, User
from models.key import stored

GRACE = timedelta(seconds=60)  # of a secret that was replaced, for requests under way

# `$1` is the account that the request names, or null.
# A default that was lost stays lost: it never becomes "the only one".
READ = Joined(s=Session, u=User, o=Operator, m=Membership, a=Account)
VERSIONS = [f"{table}.xmin" for table in READ.models]
LIVING = "n.status = 'ACTIVE' AND (n.expires_at IS NULL OR n.expires_at > $3)"
FIRST = f"""
  SELECT n.account_id FROM memberships n JOIN accounts open ON open.id = n.account_id
  WHERE n.user_id = {{user}} AND {LIVING} AND open.status <> 'CLOSED' LIMIT 1"""  # noqa: S608  # nothing but a text of ours is put in
ONLY_ONE_OF = f"CASE WHEN NOT EXISTS ({FIRST} OFFSET 1) THEN ({FIRST}) END"
ONLY_ONE = ONLY_ONE_OF.format(user="u.id")
SEEN = """
FROM sessions s
JOIN users u ON u.id = s.user_id
LEFT JOIN operators o ON o.user_id = u.id
LEFT JOIN memberships m ON m.user_id = u.id AND m.account_id = {which}
LEFT JOIN accounts a ON a.id = m.account_id
WHERE (s.secret_digest = $2 OR s.previous_digest = $2 AND s.previous_until > $3)
  AND s.status = 'ACTIVE' AND s.expires_at > $3 AND s.idle_until > $3
"""
CHOSEN = SEEN.format(which=f"COALESCE($1, s.account_id, {ONLY_ONE})")
FIND_WITH_VERSIONS = f"SELECT {READ.columns}, {', '.join(VERSIONS)} {CHOSEN}"
SAME = " AND ".join(f"{row} IS NOT DISTINCT FROM ${at}" for at, row in enumerate(VERSIONS, 4))
SAME_ONLY_ONE = f"{SAME} AND ({ONLY_ONE}) IS NOT DISTINCT FROM $1"
KNOWN = SEEN.format(which="$1")
IS_SO_STILL = f"EXISTS (SELECT 1 {KNOWN} AND {SAME})"
IS_ONLY_ONE_STILL = f"EXISTS (SELECT 1 {KNOWN} AND {SAME_ONLY_ONE})"
# On SQLite, which tells no more than whether anything was written; time passes without that.
FIND_IN_GENERATION = f"SELECT {VERSION}, {READ.columns} {CHOSEN}"
IS_ONLY_ONE_NOW = f"({ONLY_ONE_OF.format(user='$4')}) IS $1"


@frozen
class Viewer:
    """Somebody who is signed in, by which session, and as which member of the staff if they are one."""

    call: Call
    user: User
    session: Session
    operator: Operator | None

    @property
    def name(self) -> str:
        """How others see the viewer."""
        return self.user.display_name

    def ranks(self, role: OperatorRole) -> bool:
        """Whether the viewer is staff of this rank or above."""
        held = self.operator and self.operator.role
        return held is OperatorRole.ADMIN or held is role


@frozen
class Place:
    """A user's membership, in whatever state, with its account."""

    account: Account
    membership: Membership


@frozen
class Found:
    """What one look at the session tells: who asks, and their place in the account that the request is about."""

    viewer: Viewer
    place: Place | None


async def find(call: Call, key: Key) -> Found | None:
    """Find the living session with a secret, and its user's place in the account that is named, if any.

    What was found is remembered, where the database tells versions.
    """
    read = _in_generation if current.dialect() == "sqlite" else _with_versions
    seen = await read(key)
    if seen is None:
        return None
    if seen.session.secret_digest != key[0]:
        _lower(seen.session)
    elif seen.versions:
        call.site.recent.keep(key, seen)
    return _found(call, seen)


async def _with_versions(key: Key) -> Seen | None:
    for session, user, operator, membership, account, *versions in await statements.joined(
        READ, FIND_WITH_VERSIONS, *_asked(key)
    ):
        return Seen(session, user, operator, membership, account, tuple(versions))
    return None


async def _in_generation(key: Key) -> Seen | None:
    found, generation = await generations.look(FIND_IN_GENERATION, *_asked(key))
    for session, user, operator, membership, account in READ.make(row[1:] for row in found):
        versions = () if generation is None else (generation,)
        return Seen(session, user, operator, membership, account, versions)
    return None


def recall(call: Call, key: Key) -> tuple[Found, Question] | None:
    """Remember who asks, with the question whether nothing of it has changed; None for who was not here of late."""
    seen = call.site.recent.get(key)
    if seen is None:
        return None
    is_sqlite = current.dialect() == "sqlite"
    question = _watch(key, seen) if is_sqlite else _rider(key, seen)
    return (_found(call, seen), question) if question else None


def _rider(key: Key, seen: Seen) -> Question:
    is_chosen, account_id = _account_of(key, seen)
    text = IS_SO_STILL if is_chosen else IS_ONLY_ONE_STILL
    return Rider(text, (*_asked((key[0], account_id)), *seen.versions))


def _watch(key: Key, seen: Seen) -> Question | None:
    """Ask nothing of what was seen before the last commit, or has run out."""
    now, session = clock.now(), seen.session
    if (
        generations.present() not in seen.versions
        or min(session.expires_at, session.idle_until) <= now
    ):
        return None
    is_chosen, account_id = _account_of(key, seen)
    values = (*_asked((key[0], account_id)), stored("usr", seen.user.id))
    return Watch(generations.present(), None if is_chosen else IS_ONLY_ONE_NOW, values)


def _account_of(key: Key, seen: Seen) -> tuple[bool, str | None]:
    """Say of which account a place was looked for, and whether somebody chose it."""
    chosen = key[1] or seen.session.account_id
    return chosen is not None, chosen or (seen.account.id if seen.account else None)


def _asked(key: Key) -> tuple[str | None, str, object]:
    digest, account_id = key
    return account_id and stored("acc", account_id), digest, clock.now()


def _found(call: Call, seen: Seen) -> Found:
    place = Place(seen.account, seen.membership) if seen.account and seen.membership else None
    return Found(Viewer(call.by(seen.session.id), seen.user, seen.session, seen.operator), place)


def _lower(session: Session) -> None:
    """Leave to a replaced secret what it had: what made the session rise was proved for the new one only."""
    session.elevated_until = None
    proved, until = session.two_factor_verified_at, session.previous_until
    if proved is not None and until is not None and proved + GRACE >= until:
        session.two_factor_verified_at = None


async def again(viewer: Viewer) -> Viewer:
    """Find a viewer's session again, in the state it has now; refuse if it has ended."""
    now = clock.now()
    living = Session.filter(expires_at__gt=now, idle_until__gt=now, status=SessionStatus.ACTIVE)
    session = await living.filter(id=viewer.session.id).select_related("user").first()
    if session is None:
        raise SignInRequired
    operator = await Operator.get_or_none(user_id=session.user_id)
    return Viewer(viewer.call, session.user, session, operator)
