"""What an invite offers: read, and held against the account's own rules."""

from datetime import datetime, timedelta

from app.domain import texts
from app.domain.acting import Acting
from app.domain.refusals import EmailNotVerified, ErrorCode, InvalidInput, Refusal
from app.kit.addresses import Address
from app.kit.frozen import frozen
from models import Account, Permissions, User

NOTE_LIMIT = 500
LIFETIME_HOURS = range(1, 30 * 24 + 1)


class DomainNotAllowed(Refusal):
    """The account takes addresses of certain domains only."""

    code = ErrorCode.DOMAIN_NOT_ALLOWED
    says = "This account admits only addresses of: {domains}."


@frozen
class Offer:
    """Whom to invite, to do what, until when, and in what words."""

    email: str
    permissions: Permissions
    note: str | None = None
    locale: str | None = None
    lifetime_hours: int | None = None
    membership_expires_at: datetime | None = None


@frozen
class Checked:
    """An offer, read."""

    address: Address
    permissions: Permissions
    note: str | None
    locale: str
    lifetime: timedelta
    until: datetime | None


def read(acting: Acting, offer: Offer) -> Checked:
    """Check everything of an offer that can be checked before the transaction."""
    address = texts.address(offer.email, "email")
    note = texts.note(offer.note, NOTE_LIMIT, "note")
    if note and acting.viewer.user.email_verified_at is None:
        raise EmailNotVerified("note", reason="only then may an invite carry a note")
    hours = offer.lifetime_hours
    if hours is not None and hours not in LIFETIME_HOURS:
        raise InvalidInput("An invite lives for 1 to 720 hours.", "lifetimeHours")
    until = offer.membership_expires_at
    settings = acting.viewer.call.site.settings
    return Checked(
        address=address,
        permissions=texts.permissions(offer.permissions, "permissions"),
        note=note,
        locale=texts.locale(offer.locale or settings.default_locale, "locale"),
        lifetime=timedelta(hours=hours or acting.account.invite_lifetime_hours),
        until=until and texts.future(until, "membershipExpiresAt"),
    )


def admit_domain(account: Account, address: Address) -> None:
    """Refuse an address outside the domains that the account admits, each compared as a whole."""
    allowed = account.invite_domains.split()
    if allowed and address.key.rpartition("@")[2] not in allowed:
        raise DomainNotAllowed("email", domains=", ".join(allowed))


def admit_user(account: Account, user: User, *, is_invited: bool) -> None:
    """Refuse who is of no domain that the account admits; an address not proved, nor invited, is of none."""
    if account.invite_domains and not is_invited and user.email_verified_at is None:
        raise EmailNotVerified(reason="only then does its domain count")
    admit_domain(account, Address(user.email, user.email_key))


def end(acting: Acting, wanted: datetime) -> datetime:
    """Say when an invite ends: with the access of who sends it, at the latest."""
    ends = acting.membership.expires_at if acting.membership and acting.is_let_in else None
    return min(wanted, ends) if ends else wanted
