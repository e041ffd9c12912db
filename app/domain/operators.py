"""Support staff: who belongs to it."""

from app.domain import audit, texts, users
from app.domain.acts import act
from app.domain.audit import Change, Deed, Target
from app.domain.calls import Call
from app.domain.refusals import ErrorCode, Refusal
from app.domain.users import Registration
from models import NO_ACCOUNT, AuditAction, Operator, OperatorRole, User


class AddressNeverVerified(Refusal):
    """Whoever holds the user has never shown that the address is theirs."""

    code = ErrorCode.EMAIL_NOT_VERIFIED
    says = "There is a user with this address, who has never verified it. Have them do so first."


async def appoint(call: Call, registration: Registration, role: OperatorRole) -> bool:
    """Make somebody support staff, or change their rank; whether a user was made for it.

    The caller vouches for the address of a new user; a user who is there keeps name and password.
    """
    address = texts.address(registration.email, "email")
    known = await User.get_or_none(email_key=address.key)
    if known and not known.email_verified_at:
        raise AddressNeverVerified("email")
    user = known or await users.prepare(call, registration)

    async with act(call, NO_ACCOUNT) as under_way:
        if known is None:
            user.email_verified_at, user.must_change_password = under_way.now, True
            await users.add(under_way, user)
        held = await Operator.get_or_none(user_id=user.id)
        before = held.role if held else None
        operator = held or Operator(user_id=user.id, created_at=under_way.now)
        operator.role = role
        await operator.save()
        targets = (Target(operator.id, "Operator", user.display_name),)
        deed = Deed(AuditAction.OPERATOR_SAVED, targets, (Change("role", before, role),))
        await under_way.record(NO_ACCOUNT, audit.SYSTEM, deed)
    return known is None
