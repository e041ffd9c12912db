"""Who is asking: the session behind a request, with its user and their place in one account, in one statement."""

from dataclasses import dataclass
from datetime import timedelta

from app.database import statements
from app.database.statements import Joined
from app.domain.calls import Call
from app.domain.refusals import SignInRequired
from app.kit import clock
from models import Account, Membership, Operator, OperatorRole, Session, SessionStatus, User
from models.key import read as uuid_of

GRACE = timedelta(seconds=60)  # of a secret that was replaced, for requests under way

# `$1` is the account that the request names, or null.
# A default that was lost stays lost: it never becomes "the only one".
READ = Joined(s=Session, u=User, o=Operator, m=Membership, a=Account)
LIVING = "{m}.status = 'ACTIVE' AND ({m}.expires_at IS NULL OR {m}.expires_at > $3)"
FIND = f"""
SELECT {READ.columns}
FROM sessions s
JOIN users u ON u.id = s.user_id
LEFT JOIN operators o ON o.user_id = u.id
LEFT JOIN memberships m ON m.user_id = u.id AND (
  m.account_id = COALESCE($1, s.account_id)
  OR COALESCE($1, s.account_id) IS NULL AND {LIVING.format(m="m")}
    AND EXISTS (SELECT 1 FROM accounts open WHERE open.id = m.account_id AND open.status <> 'CLOSED')
    AND NOT EXISTS (
      SELECT 1 FROM memberships n JOIN accounts b ON b.id = n.account_id
      WHERE n.user_id = u.id AND n.id <> m.id AND b.status <> 'CLOSED' AND {LIVING.format(m="n")}))
LEFT JOIN accounts a ON a.id = m.account_id
WHERE (s.secret_digest = $2 OR s.previous_digest = $2 AND s.previous_until > $3)
  AND s.status = 'ACTIVE' AND s.expires_at > $3 AND s.idle_until > $3
"""  # noqa: S608  # nothing but names of columns is put in


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
class Place:
    """A user's membership, in whatever state, with its account."""

    account: Account
    membership: Membership


@dataclass(frozen=True, slots=True)
class Found:
    """What one look at the session tells: who asks, and their place in the account that the request is about."""

    viewer: Viewer
    place: Place | None


async def find(call: Call, secret_digest: str, account_id: str | None) -> Found | None:
    """Find the living session with this secret; `account_id` is the account named by the request, if any."""
    named = account_id and str(uuid_of("acc", account_id))
    now = Session._meta.fields_map["expires_at"].to_db_value(clock.now(), Session)  # noqa: SLF001
    rows = await statements.joined(READ, FIND, named, secret_digest, now)
    if not rows:
        return None
    session, user, operator, membership, account = rows[0]
    if session.secret_digest != secret_digest:
        _lower(session)
    place = Place(account, membership) if account and membership else None
    return Found(Viewer(call, user, session, operator), place)


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
